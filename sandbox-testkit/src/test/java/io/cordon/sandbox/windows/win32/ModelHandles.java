package io.cordon.sandbox.windows.win32;

import java.util.function.LongConsumer;

/** Gives models of Windows handles of their own, which only the native layer can make otherwise. */
public final class ModelHandles {
    private ModelHandles() {}

    /** A handle with this number; {@code closer} is told of it once, when its owner closes it. */
    public static OwnedHandle of(long value, LongConsumer closer) {
        return new OwnedHandle(value, closer);
    }
}
