package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.NetworkProxy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One proxy: a port, a thread, and the connections that are open. */
final class LoopbackProxy implements NetworkProxy {
    private static final int CLOSE_SECONDS = 5;

    private final LoopThread thread;
    private final NameResolution resolution;
    private final ChannelGroup channels;
    private final int port;

    private LoopbackProxy(LoopThread thread, NameResolution resolution, ChannelGroup channels, int port) {
        this.thread = thread;
        this.resolution = resolution;
        this.channels = channels;
        this.port = port;
    }

    static LoopbackProxy open(
            NetworkAccess access, Consumer<NetworkDecision> decisions, HostResolver resolver, ProxyLimits limits)
            throws SandboxException {
        LoopThread thread = new LoopThread();
        NameResolution resolution = new NameResolution(resolver, limits);
        // What is added after the group was closed is closed at once.
        ChannelGroup channels = new DefaultChannelGroup("cordon-proxy", GlobalEventExecutor.INSTANCE, true);
        Dialer dialer = new Dialer(access, decisions, resolution, limits, channels);
        ChannelFuture bound = new ServerBootstrap()
                .group(thread.group())
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        admit(channel, channels, dialer, limits);
                    }
                })
                .bind(loopback(), 0)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            thread.close();
            resolution.close();
            throw new SandboxException(
                    SandboxErrorCode.PROXY_UNAVAILABLE,
                    "the proxy cannot listen on 127.0.0.1: " + bound.cause(),
                    bound.cause());
        }
        channels.add(bound.channel());
        int port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        return new LoopbackProxy(thread, resolution, channels, port);
    }

    private static void admit(SocketChannel channel, ChannelGroup channels, Dialer dialer, ProxyLimits limits) {
        // Of the channels one listens; a connection that is relayed has two.
        long open = channels.stream().filter(other -> other.parent() != null).count();
        channels.add(channel);
        if (open >= limits.connections()) {
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(new RequestDeadline(limits.requestTime()))
                .addLast(new ProtocolSwitch(dialer, limits));
    }

    /** Of IPv4, whatever this machine calls itself. */
    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        resolution.close();
        channels.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        thread.close();
    }
}
