package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The shape of a child. One that would not be confined has no form: a level above {@link ConfinedToken#LEVEL}, or a job
 * that its tree can leave or outlive, is refused by whoever reads it.
 */
final class ShapeCodec {
    private static final int MOST_SIDS = 64;
    /** JOBOBJECT_CPU_RATE_CONTROL_INFORMATION: in hundredths of a percent. */
    private static final int WHOLE_RATE = 10_000;

    private static final int LONGEST_DESKTOP = 256;

    private ShapeCodec() {}

    static void write(FieldWriter out, ChildShape shape) {
        if (shape.token().container().isPresent()) {
            throw new IllegalArgumentException("a broker starts nothing in an AppContainer");
        }
        out.number(shape.token().level().rid());
        ImmutableSet<Sid> restricting = shape.token().restricting().orElse(ImmutableSet.of());
        out.number(restricting.size());
        restricting.forEach(out::sid);
        out.number(shape.limits().flags());
        out.number(shape.limits().activeProcesses());
        out.big(shape.limits().memory());
        out.number(shape.cpuRate().orElse(0));
        out.truth(shape.slowNetwork());
        out.number(shape.uiRestrictions());
        out.text(shape.desktop().orElse(""));
        out.truth(shape.hostConsole());
        out.truth(shape.tokenHolds());
    }

    static ChildShape read(FieldReader in) throws ProtocolException {
        int level = in.number(0, ConfinedToken.LEVEL, "the integrity level");
        int count = in.number(0, MOST_SIDS, "the number of restricting SIDs");
        ImmutableSet.Builder<Sid> builder = ImmutableSet.builder();
        for (int i = 0; i < count; i++) {
            builder.add(in.sid());
        }
        ImmutableSet<Sid> restricting = builder.build();
        if (restricting.size() != count) {
            throw new ProtocolException("a restricting SID is there twice");
        }
        JobLimits limits = new JobLimits(in.number(), in.number(), in.big());
        if (!limits.keepTree()) {
            throw new ProtocolException("the limits of the job let the tree go");
        }
        int rate = in.number(0, WHOLE_RATE, "the rate of the processors");
        boolean slowNetwork = in.truth();
        int uiRestrictions = in.number();
        String desktop = in.line(LONGEST_DESKTOP, "the desktop");
        return new ChildShape(
                new TokenShape(
                        new IntegrityLevel(level), restricting.isEmpty() ? Optional.empty() : Optional.of(restricting)),
                limits,
                rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate),
                slowNetwork,
                uiRestrictions,
                desktop.isEmpty() ? Optional.empty() : Optional.of(desktop),
                in.truth(),
                in.truth());
    }
}
