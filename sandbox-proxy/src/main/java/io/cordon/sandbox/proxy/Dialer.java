package io.cordon.sandbox.proxy;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides about the connections that children ask for, reports that, and makes those that are allowed. */
final class Dialer {
    private static final int MAX_ADDRESSES = 4;

    private final NetworkAccess access;
    private final Consumer<NetworkDecision> decisions;
    private final NameResolution resolution;
    private final ProxyLimits limits;
    private final ChannelGroup channels;

    Dialer(
            NetworkAccess access,
            Consumer<NetworkDecision> decisions,
            NameResolution resolution,
            ProxyLimits limits,
            ChannelGroup channels) {
        this.access = access;
        this.decisions = decisions;
        this.resolution = resolution;
        this.limits = limits;
        this.channels = channels;
    }

    /**
     * Connects to a host, if that is allowed. The channel does not read until it is told to.
     *
     * @return fails with a {@link Refusal}, or with what connecting failed with
     */
    Future<Channel> dial(Protocol protocol, String host, int port, EventLoop loop) {
        Promise<Channel> result = loop.newPromise();
        Reason byName = access.judge(host, port);
        if (byName != Reason.ALLOWED) {
            refuse(result, protocol, host, port, byName);
            return result;
        }
        String name = Ascii.toLowerCase(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        resolution.resolve(name, loop).addListener((Future<List<InetAddress>> found) -> {
            if (!found.isSuccess()) {
                Reason reason = found.cause() instanceof Refusal refusal ? refusal.reason() : Reason.NAME_UNRESOLVED;
                refuse(result, protocol, host, port, reason);
                return;
            }
            ImmutableList<InetAddress> permitted = found.getNow().stream()
                    .filter(address -> AddressRules.permits(address, access.privateAddresses()))
                    .limit(MAX_ADDRESSES)
                    .collect(ImmutableList.toImmutableList());
            if (permitted.isEmpty()) {
                refuse(
                        result,
                        protocol,
                        host,
                        port,
                        found.getNow().isEmpty() ? Reason.NAME_UNRESOLVED : Reason.PRIVATE_ADDRESS);
                return;
            }
            report(protocol, host, port, Reason.ALLOWED, Optional.of(permitted.get(0)));
            connect(result, permitted, port, loop);
        });
        return result;
    }

    /** Reports a request that did not get as far as naming a host. */
    void reportMalformed(Protocol protocol) {
        report(protocol, "", 0, Reason.MALFORMED, Optional.empty());
    }

    private void refuse(Promise<Channel> result, Protocol protocol, String host, int port, Reason reason) {
        report(protocol, host, port, reason, Optional.empty());
        result.tryFailure(new Refusal(reason));
    }

    private void report(Protocol protocol, String host, int port, Reason reason, Optional<InetAddress> address) {
        decisions.accept(new NetworkDecision(Instant.now(), protocol, host, port, reason, address));
    }

    /** To one of the very addresses that were judged: resolving again could give others. */
    private void connect(Promise<Channel> result, ImmutableList<InetAddress> addresses, int port, EventLoop loop) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.connectTime().toMillis())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(addresses.get(0), port))
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        channels.add(connected.channel());
                        result.trySuccess(connected.channel());
                    } else if (addresses.size() > 1) {
                        connect(result, addresses.subList(1, addresses.size()), port, loop);
                    } else {
                        result.tryFailure(
                                new IOException("connecting failed: " + connected.cause(), connected.cause()));
                    }
                });
    }
}
