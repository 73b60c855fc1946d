package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Values of a journal as they are in practice. */
final class Samples {
    static final MandatoryLabel LABEL = new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP);
    static final SecurityDescriptor USUAL = Sddl.parse("D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)");

    private Samples() {}

    static Place place(String path) {
        return new Place(path, Optional.of(new FileId(1, path.hashCode())), LABEL, true, true);
    }

    static EditRecord label(int number, String path) {
        return new EditRecord(new FileId(1, number), path, new Change.Label(LABEL.toAce(AceFlags.INHERITED)), USUAL);
    }

    static EditRecord entry(int number, String path) {
        AccessAce ace = AccessAce.deny(AccessMask.DELETE, WellKnownSids.EVERYONE);
        return new EditRecord(new FileId(1, number), path, new Change.Entry(ace), USUAL);
    }

    static EditRecord made(String path) {
        return new EditRecord(new FileId(0, 0), path, new Change.Made(), SecurityDescriptor.EMPTY);
    }

    /** What all trees were looked at with. */
    static final String SHAPE = "shape";

    static Stamped stamped(FileId top, String stamp) {
        ObjectFacts link = new ObjectFacts(
                Path.of("linked"), new FileId(1, 9), false, false, Sddl.parse("O:BAG:SYD:"), true, true, false);
        return new Stamped(
                "C:\\work",
                top,
                SHAPE,
                stamp,
                new TreeFacts(
                        Optional.empty(),
                        ImmutableList.of(link),
                        ImmutableList.of(Path.of("protected")),
                        true,
                        false,
                        true));
    }

    static LayerHeader header() {
        return new LayerHeader(
                new UUID(1, 2),
                7,
                Instant.ofEpochMilli(1_700_000_000_000L),
                Lifetime.PERSISTENT,
                new Owner(4711, 1_600_000_000_000L),
                ImmutableSet.of(new UUID(3, 4)),
                ImmutableList.of(place("C:\\work"), new Place("C:\\new", Optional.empty(), LABEL, false, false)));
    }

    static SampleJournal journal() {
        return new SampleJournal(
                header(),
                List.of(
                        List.of(made("C:\\work\\.git"), entry(1, "C:\\work\\.git")),
                        List.of(label(2, "C:\\work"), label(3, "C:\\work\\a"), label(4, "C:\\work\\a\\\ud800"))),
                Optional.of(ImmutableList.of(stamped(new FileId(1, 2), "stamp"))));
    }
}
