package io.cordon.sandbox.windows.broker;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.charset.StandardCharsets;

/** Writes what {@link FieldReader} reads. */
final class FieldWriter {
    private final ByteArrayDataOutput fields = ByteStreams.newDataOutput();

    @CanIgnoreReturnValue
    FieldWriter one(int value) {
        fields.writeByte(value);
        return this;
    }

    @CanIgnoreReturnValue
    FieldWriter number(int value) {
        fields.writeInt(value);
        return this;
    }

    @CanIgnoreReturnValue
    FieldWriter big(long value) {
        fields.writeLong(value);
        return this;
    }

    @CanIgnoreReturnValue
    FieldWriter truth(boolean value) {
        return one(value ? 1 : 0);
    }

    @CanIgnoreReturnValue
    FieldWriter text(String value) {
        fields.writeInt(value.length());
        fields.writeChars(value);
        return this;
    }

    @CanIgnoreReturnValue
    FieldWriter sid(Sid value) {
        byte[] bytes = value.encode();
        fields.writeInt(bytes.length);
        fields.write(bytes);
        return this;
    }

    @CanIgnoreReturnValue
    FieldWriter name(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        fields.writeInt(bytes.length);
        fields.write(bytes);
        return this;
    }

    byte[] message() {
        return fields.toByteArray();
    }
}
