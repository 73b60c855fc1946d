package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.windows.win32.BrokerCalls.Ends;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Messages over a pipe, each behind its length in four bytes. One thread receives, any may send, and any may close, which
 * ends what the others do with it.
 */
final class MessageChannel implements AutoCloseable {
    private static final int HEADER = Integer.BYTES;

    private final Ends ends;
    private final Object sending = new Object();

    MessageChannel(Ends ends) {
        this.ends = ends;
    }

    /** Sends a message, and waits until there is room for it. */
    void send(Message message) throws WindowsFailure, ProtocolException {
        send(frame(message));
    }

    /** Sends what {@link #frame} has made. */
    void send(byte[] frame) throws WindowsFailure {
        synchronized (sending) {
            ends.out().write(frame, 0, frame.length);
        }
    }

    /**
     * A message with its length before it.
     *
     * @throws ProtocolException if it is too long
     */
    static byte[] frame(Message message) throws ProtocolException {
        byte[] bytes = MessageCodec.encode(message);
        if (bytes.length > MessageCodec.LONGEST) {
            throw new ProtocolException(
                    "the message has " + bytes.length + " bytes, the longest " + MessageCodec.LONGEST);
        }
        return ByteBuffer.allocate(HEADER + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /**
     * Waits for a message; nothing when the other end is gone.
     *
     * @throws ProtocolException if what comes is no message, or is cut off
     */
    Optional<Message> receive() throws WindowsFailure, ProtocolException {
        byte[] header = new byte[HEADER];
        int got = read(header);
        if (got == 0) {
            return Optional.empty();
        }
        int length = got < HEADER ? 0 : ByteBuffer.wrap(header).getInt();
        if (length < 1 || length > MessageCodec.LONGEST) {
            throw new ProtocolException("a message cannot have this length, or is cut off");
        }
        byte[] bytes = new byte[length];
        if (read(bytes) < length) {
            throw new ProtocolException("the message is cut off");
        }
        return Optional.of(MessageCodec.decode(bytes));
    }

    /** How many bytes there were; fewer than asked for at the end only. */
    private int read(byte[] bytes) throws WindowsFailure {
        int got = 0;
        while (got < bytes.length) {
            int count = ends.in().read(bytes, got, bytes.length - got);
            if (count < 0) {
                break;
            }
            got += count;
        }
        return got;
    }

    @Override
    public void close() {
        try {
            ends.out().close();
        } finally {
            ends.in().close();
        }
    }
}
