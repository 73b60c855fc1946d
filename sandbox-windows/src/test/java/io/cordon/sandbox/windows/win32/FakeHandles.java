package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import java.util.TreeMap;

/** The handles of a {@link FakeWindows}. A number is never used again, so that none can stand for another's object. */
final class FakeHandles {
    static final int ERROR_INVALID_HANDLE = 6;

    private record Entry(FakeObject object, String function) {}

    private final FakeWindows windows;
    private final Map<Long, Entry> table = new TreeMap<>();
    private long last = 0x100;

    FakeHandles(FakeWindows windows) {
        this.windows = windows;
    }

    /** A new handle; {@code function} is who gave it. */
    OwnedHandle open(FakeObject object, String function) {
        synchronized (windows) {
            last += 4;
            object.retain();
            table.put(last, new Entry(object, function));
            return new OwnedHandle(last, this::close);
        }
    }

    void close(long number) {
        synchronized (windows) {
            Entry entry = table.get(number);
            if (entry == null) {
                windows.misused("a handle was closed twice: 0x" + Long.toHexString(number));
            } else {
                entry.object.beforeClose();
                table.remove(number);
                entry.object.release();
                windows.notifyAll();
            }
        }
    }

    /** The object of an open handle, which has to be of this type. */
    <T> T resolve(OwnedHandle handle, Class<T> type, String function) throws WindowsFailure {
        synchronized (windows) {
            if (!handle.isOpen()) {
                windows.misused(function + " was given a closed handle");
            }
            Entry entry = table.get(handle.value());
            if (entry == null) {
                windows.misused(function + " was given a handle that somebody else closed");
                throw FakeWindows.failure(function, ERROR_INVALID_HANDLE);
            }
            if (!type.isInstance(entry.object)) {
                windows.misused(function + " was given a handle to " + entry.object.kind());
                throw FakeWindows.failure(function, ERROR_INVALID_HANDLE);
            }
            return type.cast(entry.object);
        }
    }

    /** One line for each open handle. */
    ImmutableList<String> describe() {
        synchronized (windows) {
            return table.values().stream()
                    .map(entry -> "a handle to " + entry.object.kind() + ", from " + entry.function)
                    .collect(ImmutableList.toImmutableList());
        }
    }
}
