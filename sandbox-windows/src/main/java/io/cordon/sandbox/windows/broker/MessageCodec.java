package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.windows.broker.Message.Close;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Hello;
import io.cordon.sandbox.windows.broker.Message.Kill;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Outcomes;
import io.cordon.sandbox.windows.broker.Message.Started;
import io.cordon.sandbox.windows.broker.Message.Tries;

/** Messages as bytes: a kind, then the fields. Each message has one form, and whatever else is no message. */
final class MessageCodec {
    /** Raised with every change; both ends are of the same build, so that there is nothing to negotiate. */
    static final int VERSION = 1;

    /** The longest message, in bytes. */
    static final int LONGEST = 1 << 20;

    private static final int MAGIC = 0x43524442;

    private static final int HELLO = 1;
    private static final int LAUNCH = 2;
    private static final int STARTED = 3;
    private static final int FAILED = 4;
    private static final int KILL = 5;
    private static final int EXITED = 6;
    private static final int CLOSE = 7;
    private static final int TRIES = 8;
    private static final int OUTCOMES = 9;

    /** The longest path and command line that CreateProcess takes, without the NUL. */
    private static final int LONGEST_LINE = 32_766;

    private static final int LONGEST_ENVIRONMENT = 400_000;
    private static final int LONGEST_TEXT = 4096;

    private MessageCodec() {}

    static byte[] encode(Message message) {
        FieldWriter out = new FieldWriter();
        if (message instanceof Hello hello) {
            out.one(HELLO).number(MAGIC).number(hello.version()).number(hello.pid());
        } else if (message instanceof Launch launch) {
            out.one(LAUNCH).number(launch.id()).text(launch.image()).text(launch.line());
            out.text(launch.environment()).text(launch.directory());
            launch.handles().forEach(out::big);
            ShapeCodec.write(out, launch.shape());
        } else if (message instanceof Started started) {
            out.one(STARTED).number(started.id()).number(started.pid());
        } else if (message instanceof Failed failed) {
            out.one(FAILED).number(failed.id()).name(failed.code().name());
            out.text(shortened(failed.step())).number(failed.systemCode()).text(shortened(failed.text()));
        } else if (message instanceof Kill kill) {
            out.one(KILL).number(kill.id());
        } else if (message instanceof Exited exited) {
            out.one(EXITED).number(exited.id()).number(exited.code());
        } else if (message instanceof Tries tries) {
            out.one(TRIES).number(tries.id());
            ShapeCodec.write(out, tries.shape());
            AttemptCodec.write(out, tries.attempts());
        } else if (message instanceof Outcomes outcomes) {
            out.one(OUTCOMES).number(outcomes.id()).number(outcomes.codes().size());
            outcomes.codes().forEach(out::number);
        } else {
            out.one(CLOSE);
        }
        return out.message();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    static Message decode(byte[] bytes) throws ProtocolException {
        FieldReader in = new FieldReader(bytes);
        int kind = in.one();
        Message message = switch (kind) {
            case HELLO -> hello(in);
            case LAUNCH -> launch(in);
            case STARTED -> new Started(in.number(), in.number());
            case FAILED ->
                new Failed(
                        in.number(),
                        errorCode(in.name("an error code")),
                        in.text(LONGEST_TEXT, "a step"),
                        in.number(),
                        in.text(LONGEST_TEXT, "a reason"));
            case KILL -> new Kill(in.number());
            case EXITED -> new Exited(in.number(), in.number());
            case TRIES -> new Tries(in.number(), ShapeCodec.read(in), AttemptCodec.read(in));
            case OUTCOMES -> outcomes(in);
            case CLOSE -> new Close();
            default -> throw new ProtocolException("there is no message of kind " + kind);
        };
        in.end();
        return message;
    }

    private static Message hello(FieldReader in) throws ProtocolException {
        if (in.number() != MAGIC) {
            throw new ProtocolException("the greeting is another protocol's");
        }
        return new Hello(in.number(), in.number());
    }

    private static Message launch(FieldReader in) throws ProtocolException {
        return new Launch(
                in.number(),
                in.line(LONGEST_LINE, "the image"),
                in.line(LONGEST_LINE, "the command line"),
                in.text(LONGEST_ENVIRONMENT, "the environment"),
                in.line(LONGEST_LINE, "the directory"),
                ImmutableList.of(in.big(), in.big(), in.big()),
                ShapeCodec.read(in));
    }

    private static Message outcomes(FieldReader in) throws ProtocolException {
        int id = in.number();
        int count = in.number(0, AttemptCodec.MOST, "the number of outcomes");
        ImmutableList.Builder<Integer> codes = ImmutableList.builder();
        for (int i = 0; i < count; i++) {
            codes.add(in.number());
        }
        return new Outcomes(id, codes.build());
    }

    private static SandboxErrorCode errorCode(String name) throws ProtocolException {
        try {
            return SandboxErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("there is no error code of this name");
        }
    }
}
