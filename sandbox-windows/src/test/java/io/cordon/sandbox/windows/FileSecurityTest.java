package io.cordon.sandbox.windows;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.Bytes;
import com.sun.jna.Memory;
import com.sun.jna.platform.win32.Advapi32;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.VolumeFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The security of single files and directories. Stock Wine makes it up from Unix modes, and has no labels. */
@Tag("windows")
@Timeout(120)
class FileSecurityTest {
    private static final int SE_FILE_OBJECT = 1;
    private static final int LABEL_SECURITY_INFORMATION = 0x10;
    private static final int READ_CONTROL = 0x0002_0000;
    private static final int WRITE_DAC = 0x0004_0000;
    private static final int WRITE_OWNER = 0x0008_0000;
    private static final int EDIT = READ_CONTROL | WRITE_DAC | WRITE_OWNER;
    private static final int SHARE_ALL = 0x7;
    private static final int OPEN_EXISTING = 3;
    private static final int BACKUP_SEMANTICS = 0x0200_0000;
    private static final int ERROR_INVALID_PARAMETER = 87;
    private static final int ERROR_ALREADY_EXISTS = 183;
    private static final int DACL_FLAGS = SecurityDescriptor.DACL_AUTO_INHERITED | SecurityDescriptor.DACL_PROTECTED;
    private static final int SACL_FLAGS = SecurityDescriptor.SACL_AUTO_INHERITED | SecurityDescriptor.SACL_PROTECTED;

    private final FileCalls files = NativeCalls.windows().files();
    private final TokenCalls tokens = NativeCalls.windows().tokens();

    @TempDir
    Path temp;

    private Path directory;
    private Path file;

    @BeforeEach
    void makeFiles() throws IOException {
        directory = Files.createDirectory(temp.toRealPath().resolve("directory"));
        file = Files.writeString(directory.resolve("file"), "x");
    }

    private OwnedHandle open(Path path, int access) throws WindowsFailure {
        return files.open(FileTree.extended(path), access, SHARE_ALL, OPEN_EXISTING, BACKUP_SEMANTICS);
    }

    private SecurityDescriptor descriptor(Path path) throws WindowsFailure {
        try (OwnedHandle handle = open(path, READ_CONTROL)) {
            return files.descriptor(handle);
        }
    }

    private static int codeOf(ThrowingCallable call) {
        return catchThrowableOfType(WindowsFailure.class, call).code();
    }

    /** {@code before} with the access list of some SDDL, and what that says of it. */
    private static SecurityDescriptor withDacl(SecurityDescriptor before, String sddl) {
        SecurityDescriptor other = Sddl.parse(sddl);
        return before.withDacl(other.dacl()).withControl(other.control() & DACL_FLAGS, DACL_FLAGS & ~other.control());
    }

    private static SecurityDescriptor withLabel(SecurityDescriptor before, String sddl) {
        SecurityDescriptor other = Sddl.parse(sddl);
        return before.withSacl(other.sacl()).withControl(other.control() & SACL_FLAGS, SACL_FLAGS & ~other.control());
    }

    @Test
    void aDescriptorHasOwnerGroupAndAccessListAndTheUserOwnsWhatHeMade() throws Exception {
        for (Path path : List.of(directory, file)) {
            SecurityDescriptor descriptor = descriptor(path);
            try (OwnedHandle own = tokens.ownToken()) {
                assertThat(requireNonNull(descriptor.owner()).encode()).isEqualTo(tokens.user(own));
            }
            assertThat(descriptor.group()).isNotNull();
            assertThat(requireNonNull(descriptor.dacl()).aces()).isNotEmpty();
            assertThat(descriptor.sacl()).isNull();
            // as the other function reads it, whose answer is in the same form
            assertThat(SecurityDescriptorCodec.encode(descriptor))
                    .isEqualTo(Bytes.toArray(WindowsJvm.security(path).descriptor()));
        }
    }

    /** Longer than the room that the first call offers. */
    @Test
    void aLongDescriptorIsReadAsWell() throws Exception {
        WindowsJvm.assumeEnforcing();
        StringBuilder sddl = new StringBuilder("D:(A;;FA;;;WD)");
        for (int i = 0; i < 60; i++) {
            sddl.append("(A;;FR;;;S-1-5-21-1-2-3-").append(2000 + i).append(')');
        }
        try (OwnedHandle handle = open(file, EDIT)) {
            SecurityDescriptor other = withDacl(files.descriptor(handle), sddl.toString());
            files.replaceDacl(handle, other);
            assertThat(files.descriptor(handle)).isEqualTo(other);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "D:(A;;FA;;;WD)",
                "D:AI(A;;FA;;;WD)(A;ID;FR;;;BU)",
                "D:P(D;;DC;;;BU)(A;OICI;FA;;;WD)",
                "D:PAI(A;OICIIO;GA;;;CO)(A;OICI;FA;;;WD)",
                "D:AI(A;OICINPID;FA;;;WD)",
                "D:",
                "D:NO_ACCESS_CONTROL"
            })
    void anAccessListIsReplacedExactlyAndPutBackExactly(String sddl) throws Exception {
        WindowsJvm.assumeEnforcing();
        for (Path path : List.of(directory, file)) {
            WindowsJvm.Security before = WindowsJvm.security(path);
            try (OwnedHandle handle = open(path, EDIT)) {
                SecurityDescriptor first = files.descriptor(handle);
                SecurityDescriptor other = withDacl(first, sddl);
                assertThat(other).isNotEqualTo(first);

                files.replaceDacl(handle, other);
                assertThat(files.descriptor(handle)).as("%s of %s", sddl, path).isEqualTo(other);

                files.replaceDacl(handle, first);
                assertThat(files.descriptor(handle)).as("%s back", path).isEqualTo(first);
                assertThat(WindowsJvm.security(path)).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "S:(ML;;NW;;;LW)",
                "S:AI(ML;OICIID;NW;;;S-1-16-6144)",
                "S:P(ML;OICI;NWNRNX;;;ME)",
                "S:PAI(ML;OICIIO;NW;;;LW)"
            })
    void aLabelIsReplacedExactlyAndPutBackExactly(String sddl) throws Exception {
        WindowsJvm.assumeEnforcing();
        for (Path path : List.of(directory, file)) {
            WindowsJvm.Security before = WindowsJvm.security(path);
            try (OwnedHandle handle = open(path, EDIT)) {
                SecurityDescriptor none = files.descriptor(handle);
                SecurityDescriptor some = withLabel(none, "S:AI(ML;;NW;;;S-1-16-6144)");
                SecurityDescriptor other = withLabel(none, sddl);

                files.replaceLabel(handle, some);
                assertThat(files.descriptor(handle)).isEqualTo(some);
                files.replaceLabel(handle, other);
                assertThat(files.descriptor(handle)).as("%s of %s", sddl, path).isEqualTo(other);
                assertThat(WindowsJvm.security(path)).isNotEqualTo(before);

                files.replaceLabel(handle, some);
                assertThat(files.descriptor(handle)).as("%s back", path).isEqualTo(some);
                files.replaceLabel(handle, none);
                assertThat(files.descriptor(handle)).as("%s withdrawn", path).isEqualTo(none);
                assertThat(WindowsJvm.security(path)).isEqualTo(before);
            }
        }
    }

    @Test
    void nothingIsHandedOnToWhatIsThere() throws Exception {
        WindowsJvm.assumeEnforcing();
        SecurityDescriptor ofFile = descriptor(file);
        try (OwnedHandle handle = open(directory, EDIT)) {
            SecurityDescriptor before = files.descriptor(handle);
            files.replaceLabel(handle, withLabel(before, "S:(ML;OICI;NW;;;LW)"));
            files.replaceDacl(handle, withDacl(before, "D:AI(A;OICI;FA;;;WD)"));
        }
        assertThat(descriptor(file)).isEqualTo(ofFile);

        // the positive control: what is new inherits both, and the other function does hand them on
        String made = FileTree.extended(directory.resolve("made"));
        files.createDirectory(made);
        assertThat(Sddl.print(descriptor(directory.resolve("made"))))
                .contains("D:AI(A;OICIID;FA;;;WD)")
                .contains("(ML;OICIID;NW;;;LW)");
        assertThat(codeOf(() -> files.createDirectory(made))).isEqualTo(ERROR_ALREADY_EXISTS);
        byte[] label = requireNonNull(descriptor(directory).sacl()).encode();
        try (Memory sacl = new Memory(label.length)) {
            sacl.write(0, label, 0, label.length);
            assertThat(Advapi32.INSTANCE.SetNamedSecurityInfo(
                            directory.toString(), SE_FILE_OBJECT, LABEL_SECURITY_INFORMATION, null, null, null, sacl))
                    .isZero();
        }
        assertThat(Sddl.print(descriptor(file))).contains("(ML;ID;NW;;;LW)");
    }

    @Test
    void aHandleEditsWhatItWasOpenedFor() throws Exception {
        WindowsJvm.assumeEnforcing();
        SecurityDescriptor before = descriptor(file);
        try (OwnedHandle reading = open(file, READ_CONTROL);
                OwnedHandle relabelling = open(file, WRITE_OWNER);
                OwnedHandle granting = open(file, WRITE_DAC)) {
            files.replaceLabel(relabelling, before);
            files.replaceDacl(granting, before);
            List<ThrowingCallable> denied = new ArrayList<>(List.of(
                    () -> files.descriptor(granting),
                    () -> files.replaceDacl(reading, before),
                    () -> files.replaceDacl(relabelling, before)));
            if (System.getProperty("cordon.test.wine") == null) {
                // The enforcing Wine checks the user and the descriptor anew where the handle may not set the label.
                denied.add(() -> files.replaceLabel(reading, before));
                denied.add(() -> files.replaceLabel(granting, before));
            }
            for (ThrowingCallable call : denied) {
                assertThat(codeOf(call)).isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
            }
        }
    }

    /** Wine looks for it in the directory that it is given, and in what is below. */
    @Test
    void aFileIsFoundByItsIdentityAfterItWasRenamed() throws Exception {
        FileFacts before;
        try (OwnedHandle handle = open(file, READ_CONTROL)) {
            before = files.facts(handle);
        }
        Path renamed = Files.move(file, directory.resolve("renamed"));
        try (OwnedHandle onVolume = open(directory, READ_CONTROL)) {
            try (OwnedHandle found =
                    files.openById(onVolume, before.fileIndex(), READ_CONTROL, SHARE_ALL, BACKUP_SEMANTICS)) {
                assertThat(files.facts(found)).isEqualTo(before);
                assertThat(files.finalPath(found)).isEqualToIgnoringCase(FileTree.extended(renamed));
                assertThat(files.descriptor(found)).isEqualTo(descriptor(renamed));
            }
            Files.delete(renamed);
            int code = codeOf(
                    () -> files.openById(onVolume, before.fileIndex(), READ_CONTROL, SHARE_ALL, BACKUP_SEMANTICS));
            assertThat(code).isIn(ERROR_INVALID_PARAMETER, WindowsFailure.ERROR_FILE_NOT_FOUND); // the second on Wine
        }
    }

    @Test
    void aVolumeIsThatOfItsFilesAndKeepsAccessLists() throws Exception {
        for (Path path : List.of(directory, file)) {
            try (OwnedHandle handle = open(path, READ_CONTROL)) {
                VolumeFacts volume = files.volume(handle);
                assertThat(volume.serial()).isEqualTo(files.facts(handle).volumeSerial());
                assertThat(volume.fileSystem()).isNotEmpty();
                assertThat(volume.persistentAcls()).isTrue();
            }
        }
    }

    @Test
    void whatCannotBeCheckedIsAFailure() throws Exception {
        SecurityDescriptor descriptor = descriptor(file);
        try (OwnedHandle own = tokens.ownToken();
                OwnedHandle checking = tokens.forChecking(own)) {
            assertThat(tokens.maximumAccess(checking, descriptor).contains(AccessMask.FILE_GENERIC_READ))
                    .isTrue();
            assertThat(codeOf(() -> tokens.maximumAccess(checking, descriptor.withOwner(null))))
                    .isEqualTo(WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
            assertThat(codeOf(() -> tokens.maximumAccess(checking, descriptor.withGroup(null))))
                    .isEqualTo(WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
        }
    }

    /** Right by right, for the JVM's own token and for one below Medium. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is expected of a file with: own token | lowered one
                "''                       | 0x1F01FF | 0x1200A9",
                "S:(ML;;NW;;;S-1-16-6144) | 0x1F01FF | 0x1F01FF",
                "S:(ML;;NWNR;;;ME)        | 0x1F01FF | 0x100020",
                "S:(ML;;NWNRNX;;;ME)      | 0x1F01FF | 0x000000",
                "D:P(A;;FR;;;WD)          | 0x160089 | 0x120089",
                "D:P(D;;WP;;;WD)(A;;FA;;;WD) | 0x1F01DF | 0x120089",
                "D:P                      | 0x060000 | 0x020000"
            })
    void whatACheckSaysIsWhatOpeningGives(String sddl, String own, String lowered) throws Exception {
        WindowsJvm.assumeEnforcing();
        SecurityDescriptor edited;
        try (OwnedHandle handle = open(file, EDIT)) {
            SecurityDescriptor before = files.descriptor(handle);
            if (sddl.startsWith("S")) {
                files.replaceLabel(handle, withLabel(before, sddl));
            } else if (sddl.startsWith("D")) {
                files.replaceDacl(handle, withDacl(before, sddl));
            }
            edited = files.descriptor(handle); // CreateFile could not open some of them again
        }
        TokenShape low = new TokenShape(new IntegrityLevel(ConfinedToken.LEVEL), Optional.empty());
        try (OwnedHandle ownToken = tokens.ownToken();
                OwnedHandle copy = tokens.duplicate(ownToken);
                OwnedHandle confined = ConfinedToken.create(tokens, low)) {
            assertThat(checked(copy, edited)).isEqualTo(AccessMask.of(Integer.decode(own)));
            assertThat(checked(confined, edited)).isEqualTo(AccessMask.of(Integer.decode(lowered)));
        }
    }

    /** What a check grants of the file, after every right was tried as well. */
    private AccessMask checked(OwnedHandle token, SecurityDescriptor descriptor) throws WindowsFailure {
        AccessMask granted;
        AccessMask ofDirectory;
        try (OwnedHandle checking = tokens.forChecking(token)) {
            granted = tokens.maximumAccess(checking, descriptor);
            ofDirectory = tokens.maximumAccess(checking, descriptor(directory));
        }
        // A directory lets what is in it be deleted and its attributes be read (MS-FSA 2.1.5.1.2.1).
        AccessMask expected = granted.or(
                        ofDirectory.contains(AccessMask.FILE_DELETE_CHILD) ? AccessMask.DELETE : AccessMask.NONE)
                .or(
                        ofDirectory.contains(AccessMask.FILE_READ_DATA)
                                ? AccessMask.FILE_READ_ATTRIBUTES
                                : AccessMask.NONE);
        List<String> wrong = new ArrayList<>();
        tokens.impersonate(token);
        try {
            for (int bit = 1; bit <= WRITE_OWNER; bit <<= 1) {
                AccessMask right = AccessMask.of(bit);
                if (AccessMask.FILE_ALL_ACCESS.contains(right)) {
                    int code = files.attempt(FileTree.extended(file), bit, OPEN_EXISTING, BACKUP_SEMANTICS);
                    // CreateFile asks for SYNCHRONIZE as well, whatever is asked of it.
                    boolean should = expected.contains(right.or(AccessMask.SYNCHRONIZE));
                    if (code != (should ? 0 : WindowsFailure.ERROR_ACCESS_DENIED)) {
                        wrong.add(right + ": " + code + " on opening, and the check says " + granted);
                    }
                }
            }
        } finally {
            tokens.revertToSelf();
        }
        assertThat(wrong).as("%s", descriptor).isEmpty();
        return granted;
    }

    /** It says yes, and changes nothing; so that whoever edits has to look. */
    @Test
    void stockWineTakesALabelAndForgetsIt() throws Exception {
        assumeTrue(WindowsJvm.isStockWine(), "the other Wine keeps labels");
        try (OwnedHandle handle = open(file, EDIT)) {
            SecurityDescriptor before = files.descriptor(handle);
            files.replaceLabel(handle, withLabel(before, "S:(ML;;NW;;;LW)"));
            assertThat(files.descriptor(handle)).isEqualTo(before);
        }
    }
}
