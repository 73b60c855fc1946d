package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.win32.ModelHandles;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The handle table of a process on a {@link VirtualHost}. A number is never used again. */
final class VolumeHandles {
    static final int ERROR_INVALID_HANDLE = 6;

    private record Entry(Object object, Consumer<Object> closed) {}

    private final Map<Long, Entry> table = new TreeMap<>();
    private long last = 0x100;

    /** A new handle; {@code closed} is told when it is closed, after it has left the table. */
    <T> OwnedHandle open(T object, Consumer<? super T> closed) {
        last += 4;
        @SuppressWarnings("unchecked")
        Consumer<Object> any = each -> closed.accept((T) each);
        table.put(last, new Entry(object, any));
        return ModelHandles.of(last, this::close);
    }

    private void close(long number) {
        Entry entry = table.remove(number);
        if (entry == null) {
            throw new IllegalStateException("handle " + number + " was closed twice");
        }
        entry.closed.accept(entry.object);
    }

    /** Closes what is open. Their owners must not close them again. */
    void closeAll() {
        ImmutableList.copyOf(table.keySet()).forEach(this::close);
    }

    /** The object of an open handle, which has to be of this type. */
    <T> T resolve(OwnedHandle handle, Class<T> type, String function) throws WindowsFailure {
        Entry entry = table.get(handle.value());
        if (entry == null || !type.isInstance(entry.object)) {
            throw new WindowsFailure(function, ERROR_INVALID_HANDLE, "no handle to " + type.getSimpleName());
        }
        return type.cast(entry.object);
    }

    /** The objects of this type to which handles are open. */
    <T> Stream<T> objects(Class<T> type) {
        return table.values().stream()
                .map(Entry::object)
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** One line for each open handle. */
    ImmutableList<String> describe() {
        return table.values().stream().map(entry -> entry.object.toString()).collect(ImmutableList.toImmutableList());
    }
}
