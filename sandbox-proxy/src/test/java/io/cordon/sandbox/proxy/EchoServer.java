package io.cordon.sandbox.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that does with each connection what a test wants, and counts them. */
final class EchoServer implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket listener;

    /** What is done with a connection, which is closed behind it. */
    @FunctionalInterface
    interface Conversation {
        void with(Socket socket) throws IOException;
    }

    EchoServer() throws IOException {
        this(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    EchoServer(Conversation conversation) throws IOException {
        listener = new ServerSocket(0, 50, ProxyScene.address(127, 0, 0, 1));
        Thread thread = new Thread(() -> accept(conversation), "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Conversation conversation) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                var unused = CompletableFuture.runAsync(() -> {
                    try (socket) {
                        conversation.with(socket);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
