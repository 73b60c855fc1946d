package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The standard handles of a child whose other ends somebody else has. */
record GivenStreams(ImmutableList<OwnedHandle> childHandles) implements ChildStreams {
    @Override
    public Optional<OwnedHandle> terminal() {
        return Optional.empty();
    }

    @Override
    public void closeChildHandles() {
        childHandles.forEach(OwnedHandle::close);
    }

    @Override
    public OutputStream stdin() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream stdout() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
    }

    @Override
    public void ended() {
        // nothing of it is ours
    }

    @Override
    public void close() {
        closeChildHandles();
    }
}
