package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.testkit.windows.VolumeOutcome.Status;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of NTFS, one test a rule; each denial has its control. */
final class VirtualVolumeTest {
    private static final Sid USER = Sid.parse("S-1-5-21-1-2-3-1000");
    private static final VirtualToken TOKEN = VirtualToken.ofUser(USER, Sid.parse("S-1-5-5-0-77"));
    private static final VirtualToken LOW = TOKEN.atLevel(IntegrityLevel.MEDIUM_LOW);

    private VirtualVolume volume = volume(VolumeSwitches.DEFAULT);

    private static SecurityDescriptor sd(String sddl) {
        return Sddl.parse(sddl.replace("USER", USER.toString()));
    }

    private static Acl acl(SecurityDescriptor descriptor) {
        return Objects.requireNonNull(descriptor.dacl());
    }

    private static VirtualVolume volume(VolumeSwitches switches) {
        return new VirtualVolume(
                sd("O:SYD:(A;OICI;FA;;;USER)"), new SecurityReferenceMonitor(MonitorSwitches.DEFAULT), switches);
    }

    @BeforeEach
    void makeTree() {
        volume = volume(VolumeSwitches.DEFAULT);
        volume.addDirectory("/d", sd("O:USERD:(A;OICI;FA;;;USER)"));
        volume.addFile("/d/f", sd("O:USERD:(A;;FA;;;USER)"));
        volume.addDirectory("/e", sd("O:USERD:(A;OICI;FA;;;USER)"));
    }

    /**
     * The table of inheritance flags that Samba's smb2.acls.INHERITANCE verifies against Windows: parent, file child,
     * directory child.
     */
    @ParameterizedTest(name = "parent {0}: file {1}, directory {2}")
    @CsvSource({
        "'', -, -",
        "OI, '', OIIO",
        "CI, -, CI",
        "OICI, '', OICI",
        "NP, -, -",
        "OINP, '', -",
        "CINP, -, ''",
        "OICINP, '', ''",
        "IO, -, -",
        "OIIO, '', OIIO",
        "CIIO, -, CI",
        "OICIIO, '', OICI",
        "NPIO, -, -",
        "OINPIO, '', -",
        "CINPIO, -, ''",
        "OICINPIO, '', ''"
    })
    void aChildGetsTheFlagsOfTheTable(String parent, String file, String directory) {
        Acl acl = acl(sd("D:(A;" + parent + ";FA;;;BA)"));

        assertThat(inherited(acl, false)).isEqualTo(file);
        assertThat(inherited(acl, true)).isEqualTo(directory);
    }

    private static String inherited(Acl parent, boolean directory) {
        List<String> flags = Inheritance.inherit(parent, directory, USER, USER, false).aces().stream()
                .map(ace -> ace.flags().toString())
                .toList();
        return flags.isEmpty() ? "-" : String.join("+", flags);
    }

    @Test
    void creatorOwnerGivesADirectoryTwoEntries() {
        Acl acl = acl(sd("D:(A;CI;FA;;;CO)"));

        assertThat(Sddl.print(SecurityDescriptor.of(null, null, Inheritance.inherit(acl, true, USER, USER, false))))
                .isEqualTo("D:(A;;FA;;;" + USER + ")(A;CIIO;FA;;;CO)");
        assertThat(Inheritance.inherit(acl, false, USER, USER, false).aces()).isEmpty();
    }

    @Test
    void genericRightsAreMappedForTheObjectAndKeptForThoseBelow() {
        Acl acl = acl(sd("D:(A;OICI;GA;;;BA)"));

        assertThat(Sddl.print(SecurityDescriptor.of(null, null, Inheritance.inherit(acl, true, USER, USER, true))))
                .isEqualTo("D:(A;ID;FA;;;BA)(A;OICIIOID;GA;;;BA)");
    }

    @Test
    void theInheritedFlagComesOnlyFromADirectoryThatInheritsAutomatically() {
        SecurityDescriptor plain = sd("D:(A;OICI;FA;;;BA)");
        SecurityDescriptor auto = sd("D:AI(A;OICI;FA;;;BA)");

        assertThat(Sddl.print(newFile(plain))).contains("D:(A;;FA;;;BA)");
        assertThat(Sddl.print(newFile(auto))).contains("D:AI(A;ID;FA;;;BA)");
    }

    /** "DACL for a New Object" on learn.microsoft.com; the comparison with the enforcing Wine found that it was not so. */
    @Test
    void whatIsInheritedComesBehindTheDaclThatTheCreatorStates() {
        Acl stated = acl(sd("D:(A;;FR;;;WD)(A;ID;FA;;;WD)"));
        SecurityDescriptor auto = sd("D:AI(A;OICI;FA;;;BA)");

        SecurityDescriptor made =
                NewObject.descriptor(auto, stated, false, TOKEN, VolumeSwitches.NewLabels.INHERITED_FIRST);

        assertThat(Sddl.print(made)).endsWith("D:AI(A;;FR;;;WD)(A;ID;FA;;;BA)");
    }

    /** MS-DTYP 2.4.6; the comparison with the enforcing Wine found that it was not so. */
    @Test
    void aDaclThatIsSetWithoutFlagsLeavesNoneOfThem() {
        volume.setDescriptor(volume.object("/d/f").id(), sd("O:USERD:PAI(A;;FA;;;USER)"));

        assertThat(volume.as(TOKEN).setDacl("/d/f", acl(sd("D:(A;;FR;;;WD)"))).isDone())
                .isTrue();

        assertThat(Sddl.print(volume.object("/d/f").descriptor())).isEqualTo("O:" + USER + "D:(A;;FR;;;WD)");
    }

    @Test
    void nothingInheritedMeansTheDefaultDaclOfTheToken() {
        assertThat(Sddl.print(newFile(sd("D:(A;;FA;;;BA)"))))
                .isEqualTo("O:" + USER + "G:" + USER + "D:(A;;FA;;;" + USER + ")(A;;FA;;;SY)");
    }

    private static SecurityDescriptor newFile(SecurityDescriptor parent) {
        return NewObject.descriptor(parent, null, false, TOKEN, VolumeSwitches.NewLabels.INHERITED_FIRST);
    }

    @Test
    void aNewObjectGetsTheLabelOfItsDirectoryElseThatOfALowerCreatorElseNone() {
        SecurityDescriptor labelled = sd("D:(A;OICI;FA;;;USER)S:(ML;OICI;NW;;;LW)");
        SecurityDescriptor plain = sd("D:(A;OICI;FA;;;USER)");
        VolumeSwitches.NewLabels first = VolumeSwitches.NewLabels.INHERITED_FIRST;

        assertThat(MandatoryLabel.of(NewObject.descriptor(labelled, null, true, TOKEN, first))
                        .level())
                .isEqualTo(IntegrityLevel.LOW);
        assertThat(MandatoryLabel.of(NewObject.descriptor(plain, null, true, LOW, first))
                        .level())
                .isEqualTo(IntegrityLevel.MEDIUM_LOW);
        assertThat(NewObject.descriptor(plain, null, true, TOKEN, first).sacl()).isNull();
        assertThat(MandatoryLabel.of(
                                NewObject.descriptor(labelled, null, true, LOW, VolumeSwitches.NewLabels.CREATOR_FIRST))
                        .level())
                .isEqualTo(IntegrityLevel.MEDIUM_LOW);
    }

    @Test
    void deletingNeedsDeleteOnTheObjectOrDeleteChildOnTheDirectory() {
        volume.setDescriptor(volume.object("/d/f").id(), sd("O:SYD:(D;;SD;;;USER)"));
        assertThat(volume.copy().as(TOKEN).delete("/d/f").isDone()).isTrue();

        volume.setDescriptor(volume.object("/d").id(), sd("O:SYD:(D;;0x40;;;USER)(A;;FA;;;USER)"));
        assertThat(volume.copy().as(TOKEN).delete("/d/f").status()).isEqualTo(Status.ACCESS_DENIED);

        volume.setDescriptor(volume.object("/d/f").id(), sd("O:SYD:(A;;SD;;;USER)"));
        assertThat(volume.copy().as(TOKEN).delete("/d/f").isDone()).isTrue();
    }

    @Test
    void theDirectorysDeleteChildIsSubjectToItsLabel() {
        assertThat(volume.copy().as(LOW).delete("/d/f").status()).isEqualTo(Status.ACCESS_DENIED);

        volume.setDescriptor(volume.object("/d").id(), sd("O:USERD:(A;OICI;FA;;;USER)S:(ML;OICI;NW;;;S-1-16-6144)"));
        assertThat(volume.copy().as(LOW).delete("/d/f").isDone()).isTrue();
    }

    @Test
    void aWriteRestrictedTokenDeletesThroughTheDirectoryAllTheSame() {
        VirtualToken restricted = TOKEN.restrictedTo(com.google.common.collect.ImmutableSet.of(), true);

        assertThat(volume.copy().as(restricted).write("/d/f", "x").isDone()).isFalse();
        assertThat(volume.copy().as(restricted).delete("/d/f").isDone()).isTrue();
    }

    @Test
    void renamingKeepsTheDescriptorAndNeedsARightOnTheTargetDirectory() {
        SecurityDescriptor before = volume.object("/d/f").descriptor();

        assertThat(volume.as(TOKEN).rename("/d/f", "/e/g", false).isDone()).isTrue();
        assertThat(volume.object("/e/g").descriptor()).isEqualTo(before);
        volume.setDescriptor(volume.object("/d").id(), sd("O:SYD:(A;;FR;;;USER)"));
        assertThat(volume.as(TOKEN).rename("/e/g", "/d/f", false).status()).isEqualTo(Status.ACCESS_DENIED);
        assertThat(volume.find("/e/g")).isNotNull();
    }

    @Test
    void replacingByRenameNeedsDeleteOnTheTarget() {
        volume.addFile("/e/g", sd("O:SYD:"));
        volume.setDescriptor(volume.object("/e").id(), sd("O:SYD:(A;;0x2;;;USER)"));

        assertThat(volume.copy().as(TOKEN).rename("/d/f", "/e/g", false).status())
                .isEqualTo(Status.EXISTS);
        assertThat(volume.copy().as(TOKEN).rename("/d/f", "/e/g", true).status())
                .isEqualTo(Status.ACCESS_DENIED);
        volume.setDescriptor(volume.object("/e/g").id(), sd("O:SYD:(A;;SD;;;USER)"));
        assertThat(volume.copy().as(TOKEN).rename("/d/f", "/e/g", true).isDone())
                .isTrue();
    }

    /** MS-FSA 2.1.5.15.12 asks what is replaced, not what replaces it; the enforcing Wine does it so. */
    @Test
    void aDirectoryTakesThePlaceOfAFileAndNothingThatOfADirectory() {
        volume.addFile("/e/g", sd("O:USERD:(A;;FA;;;USER)"));

        assertThat(volume.copy().as(TOKEN).rename("/e/g", "/d", true).status()).isEqualTo(Status.EXISTS);
        assertThat(volume.as(TOKEN).rename("/d", "/e/g", true).isDone()).isTrue();

        assertThat(volume.object("/e/g/f").isDirectory()).isFalse();
    }

    @Test
    void aDirectoryCannotBeMovedIntoItself() {
        assertThat(volume.as(TOKEN).rename("/d", "/d/x", false).status()).isEqualTo(Status.INVALID);
    }

    @Test
    void aHardLinkSharesTheDescriptorAndDeletingOneNameKeepsTheOther() {
        assertThat(volume.as(TOKEN).hardLink("/d/f", "/e/link").isDone()).isTrue();
        assertThat(volume.object("/e/link").id())
                .isEqualTo(volume.object("/d/f").id());
        assertThat(volume.as(TOKEN).delete("/d/f").isDone()).isTrue();
        assertThat(volume.object("/e/link").content()).isEqualTo("/d/f");
    }

    @Test
    void aHardLinkNeedsWriteAttributesUnlessTheSwitchSaysOtherwise() {
        volume.setDescriptor(volume.object("/e").id(), sd("O:USERD:(A;OICI;FA;;;USER)S:(ML;OICI;NW;;;S-1-16-6144)"));
        VolumeSwitches old = new VolumeSwitches(
                VolumeSwitches.Fences.NOTHING,
                VolumeSwitches.NewLabels.INHERITED_FIRST,
                VolumeSwitches.Propagation.UNPROTECTED,
                VolumeSwitches.HardLinks.NEED_NOTHING);

        assertThat(volume.as(LOW).hardLink("/d/f", "/e/link").status()).isEqualTo(Status.ACCESS_DENIED);
        VirtualVolume lenient = volume.copy(MonitorSwitches.DEFAULT, old);
        assertThat(lenient.as(LOW).hardLink("/d/f", "/e/link").isDone()).isTrue();
        assertThat(lenient.as(LOW).write("/e/link", "x").status()).isEqualTo(Status.ACCESS_DENIED);
    }

    @Test
    void aJunctionLeadsElsewhereAndGivesNoRight() {
        volume.setDescriptor(volume.object("/e").id(), sd("O:USERD:(A;OICI;FA;;;USER)S:(ML;OICI;NW;;;S-1-16-6144)"));
        VolumeSession child = volume.as(LOW);

        assertThat(child.createDirectory("/e/j", null).isDone()).isTrue();
        assertThat(child.makeJunction("/e/j", "/d").isDone()).isTrue();
        assertThat(child.read("/e/j/f").isDone()).isTrue();
        assertThat(child.write("/e/j/f", "x").status()).isEqualTo(Status.ACCESS_DENIED);
        assertThat(child.delete("/e/j").isDone()).isTrue();
        assertThat(volume.find("/d/f")).isNotNull();
    }

    @Test
    void aJunctionNeedsAnEmptyDirectoryAndASymbolicLinkAPrivilege() {
        assertThat(volume.as(TOKEN).makeJunction("/d", "/e").status()).isEqualTo(Status.NOT_EMPTY);
        assertThat(volume.as(TOKEN).makeJunction("/e", "/d").isDone()).isTrue();
        assertThat(volume.as(TOKEN).makeSymbolicLink("/d/f", "/e").status()).isEqualTo(Status.ACCESS_DENIED);
    }

    @Test
    void junctionsInACircleAreNotFollowedForEver() {
        volume.addJunction("/a", "/b", sd("O:USER"));
        volume.addJunction("/b", "/a", sd("O:USER"));

        assertThat(volume.as(TOKEN).read("/a/x").status()).isEqualTo(Status.NOT_FOUND);
    }

    @Test
    void namesAreTheSameInAnyCaseWithDotsAtTheEndAndAs83() {
        volume.addFile("/d/Configuration.json", sd("O:USERD:(A;;FA;;;USER)"));

        for (String name :
                List.of("CONFIGURATION.JSON", "configuration.json.", "configuration.json ", "CONFIG~1.JSO")) {
            assertThat(volume.find("/D/" + name)).as(name).isNotNull();
        }
    }

    @Test
    void aStreamIsGuardedByTheFilesDescriptor() {
        assertThat(volume.as(LOW).write("/d/f:ads", "x").status()).isEqualTo(Status.ACCESS_DENIED);
        assertThat(volume.as(TOKEN).write("/d/f:ads", "x").isDone()).isTrue();
        assertThat(volume.object("/d/f").fingerprint()).contains("ads=x");
        assertThat(volume.object("/d/f").content()).isEqualTo("/d/f");
    }

    @Test
    void overwritingNeedsMoreThanWriting() {
        volume.setDescriptor(volume.object("/d/f").id(), sd("O:SYD:(A;;0x2;;;USER)"));

        assertThat(volume.as(TOKEN).write("/d/f", "x").isDone()).isTrue();
        assertThat(volume.as(TOKEN).overwrite("/d/f", "x").isDone()).isFalse();
    }

    @Test
    void aDirectoryThatIsNotEmptyIsNotDeleted() {
        assertThat(volume.as(TOKEN).delete("/d").status()).isEqualTo(Status.NOT_EMPTY);
        assertThat(volume.as(TOKEN).delete("/e").isDone()).isTrue();
    }

    @Test
    void aLabelNeedsWriteOwnerAndIsNotAboveTheOwnLevel() {
        LabelAce high = new LabelAce(AceFlags.NONE, AccessMask.of(1), IntegrityLevel.HIGH);
        LabelAce low = new LabelAce(AceFlags.NONE, AccessMask.of(1), IntegrityLevel.LOW);
        volume.addFile("/d/modify", sd("O:USERD:(A;;0x1301bf;;;USER)"));

        assertThat(volume.as(TOKEN).setLabel("/d/f", high).isDone()).isFalse();
        assertThat(volume.as(TOKEN).setLabel("/d/f", low).isDone()).isTrue();
        assertThat(volume.as(TOKEN).setLabel("/d/modify", low).isDone()).isFalse();
    }

    @Test
    void aFenceHoldsTheObjectAndByTheSwitchItsAncestors() {
        volume.fence(volume.object("/d/f").id());
        VolumeSwitches objectOnly = new VolumeSwitches(
                VolumeSwitches.Fences.OBJECT,
                VolumeSwitches.NewLabels.INHERITED_FIRST,
                VolumeSwitches.Propagation.UNPROTECTED,
                VolumeSwitches.HardLinks.NEED_WRITE_ATTRIBUTES);

        assertThat(volume.as(TOKEN).delete("/d/f").status()).isEqualTo(Status.SHARING_VIOLATION);
        assertThat(volume.as(TOKEN).rename("/d", "/x", false).status()).isEqualTo(Status.SHARING_VIOLATION);
        assertThat(volume.copy(MonitorSwitches.DEFAULT, objectOnly)
                        .as(TOKEN)
                        .rename("/d", "/x", false)
                        .isDone())
                .isTrue();
        volume.unfence(volume.object("/d/f").id());
        assertThat(volume.as(TOKEN).delete("/d/f").isDone()).isTrue();
    }

    @Test
    void propagationReachesExistingChildrenButNotProtectedOnesAndFollowsHardLinksOut() {
        volume.addFile("/d/protected", sd("O:USERD:P(A;;FA;;;USER)"));
        volume.addFile("/e/outside", sd("O:USERD:(A;;FA;;;USER)"));
        volume.addHardLink("/e/outside", "/d/link");
        VirtualVolume careful = volume.copy(
                MonitorSwitches.DEFAULT,
                new VolumeSwitches(
                        VolumeSwitches.Fences.NOTHING,
                        VolumeSwitches.NewLabels.INHERITED_FIRST,
                        VolumeSwitches.Propagation.UNPROTECTED_AND_INHERITED,
                        VolumeSwitches.HardLinks.NEED_NOTHING));
        for (VirtualVolume each : List.of(volume, careful)) {
            each.setDescriptor(each.object("/d").id(), sd("O:USERD:AI(A;OICI;FR;;;BG)"));
            assertThat(Propagation.from(each, "/d", TOKEN)).isEmpty();
        }

        AccessAce copy = (AccessAce) acl(sd("D:(A;ID;FR;;;BG)")).aces().get(0);
        assertThat(acl(volume.object("/d/f").descriptor()).aces()).contains(copy);
        assertThat(acl(volume.object("/e/outside").descriptor()).aces()).contains(copy);
        assertThat(acl(volume.object("/d/protected").descriptor()).aces()).doesNotContain(copy);
        assertThat(acl(careful.object("/e/outside").descriptor()).aces()).doesNotContain(copy);
    }

    @Test
    void propagationOfALabelReachesAndLeavesChildrenAndReportsThoseOutOfReach() {
        SecurityDescriptor before = volume.object("/d/f").descriptor();
        volume.addFile("/d/foreign", sd("O:SYD:(A;;FR;;;USER)"));
        SecurityDescriptor unlabelled = volume.object("/d").descriptor();
        volume.setDescriptor(volume.object("/d").id(), sd("O:USERD:(A;OICI;FA;;;USER)S:(ML;OICI;NW;;;LW)"));

        assertThat(Propagation.from(volume, "/d", TOKEN)).containsExactly("/d/foreign");
        assertThat(MandatoryLabel.of(volume.object("/d/f").descriptor()).level())
                .isEqualTo(IntegrityLevel.LOW);
        volume.setDescriptor(volume.object("/d").id(), unlabelled);
        assertThat(Propagation.from(volume, "/d", TOKEN)).containsExactly("/d/foreign");
        assertThat(MandatoryLabel.of(volume.object("/d/f").descriptor())).isEqualTo(MandatoryLabel.of(before));
    }

    @Test
    void aCreatorMayStateItsOwnDacl() {
        Acl own = Acl.of(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, USER));

        assertThat(volume.as(TOKEN).createFile("/d/own", own).isDone()).isTrue();
        assertThat(acl(volume.object("/d/own").descriptor()).aces())
                .startsWith(own.aces().get(0));
        assertThat(volume.as(LOW).createFile("/d/low", null).status()).isEqualTo(Status.ACCESS_DENIED);
    }
}
