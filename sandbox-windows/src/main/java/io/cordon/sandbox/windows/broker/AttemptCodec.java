package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.launch.Attempt;
import java.util.List;

/** The attempts of a trial as fields of a message. */
final class AttemptCodec {
    /** So many at most. */
    static final int MOST = 10_000;

    private static final int LONGEST_PATH = 32_766;
    private static final int LAST_PORT = 0xFFFF;

    private static final int ON_FILE = 1;
    private static final int ON_PROCESS = 2;
    private static final int ON_PORT = 3;

    private AttemptCodec() {}

    static void write(FieldWriter out, List<Attempt> attempts) {
        out.number(attempts.size());
        for (Attempt attempt : attempts) {
            if (attempt instanceof Attempt.OnFile file) {
                out.one(ON_FILE).text(file.path()).number(file.access());
                out.number(file.disposition()).number(file.flags());
            } else if (attempt instanceof Attempt.OnProcess process) {
                out.one(ON_PROCESS).number(process.pid()).number(process.access());
            } else if (attempt instanceof Attempt.OnPort port) {
                out.one(ON_PORT).number(port.port());
            }
        }
    }

    static ImmutableList<Attempt> read(FieldReader in) throws ProtocolException {
        int count = in.number(0, MOST, "the number of attempts");
        ImmutableList.Builder<Attempt> attempts = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            attempts.add(attempt(in));
        }
        return attempts.build();
    }

    private static Attempt attempt(FieldReader in) throws ProtocolException {
        int kind = in.one();
        return switch (kind) {
            case ON_FILE -> new Attempt.OnFile(in.line(LONGEST_PATH, "a path"), in.number(), in.number(), in.number());
            case ON_PROCESS -> new Attempt.OnProcess(in.number(), in.number());
            case ON_PORT -> new Attempt.OnPort(in.number(1, LAST_PORT, "a port"));
            default -> throw new ProtocolException("there is no attempt of kind " + kind);
        };
    }
}
