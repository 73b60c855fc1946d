package io.cordon.sandbox.spi;

/** A proxy that listens on {@code 127.0.0.1}, for HTTP and its tunnels. Safe for use by several threads. */
public interface NetworkProxy extends AutoCloseable {
    /** The TCP port; the same until the proxy is closed. */
    int port();

    /** Ends every connection, and stops listening. Closing again does nothing. */
    @Override
    void close();
}
