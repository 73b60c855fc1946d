package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkDecision.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The side of the child, until it has asked for a connection and has got it. One request, one connection. */
abstract class Front extends ChannelInboundHandlerAdapter {
    private final Dialer dialer;
    final ProxyLimits limits;

    /** What came after the request: no more than one read, for nothing more is read until the host is connected. */
    private final List<Object> early = new ArrayList<>();

    private boolean asked;
    private boolean ended;

    Front(Dialer dialer, ProxyLimits limits) {
        this.dialer = dialer;
        this.limits = limits;
    }

    /** Takes a message of the protocol. */
    abstract void receive(ChannelHandlerContext context, Object message);

    /** Whether a message that comes after the request is for the host. */
    abstract boolean isForHost(Object message);

    /** The host is connected: says so to the child, and leaves the pipelines with what the relay needs. */
    abstract void connected(Channel child, Channel host);

    /** Tells the child that it gets no connection. */
    abstract void failed(ChannelHandlerContext context, Throwable cause);

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (!asked) {
            receive(context, message);
        } else if (!ended && isForHost(message)) {
            early.add(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    final void dial(ChannelHandlerContext context, Protocol protocol, String host, int port) {
        asked(context);
        Channel child = context.channel();
        dialer.dial(protocol, host, port, child.eventLoop()).addListener((Future<Channel> dialed) -> {
            if (!dialed.isSuccess()) {
                end(() -> failed(context, dialed.cause()));
            } else if (child.isActive()) {
                relay(child, dialed.getNow());
            } else {
                dialed.getNow().close();
            }
        });
    }

    final void malformed(ChannelHandlerContext context, Protocol protocol, Throwable cause) {
        asked(context);
        dialer.reportMalformed(protocol);
        end(() -> failed(context, cause));
    }

    private void asked(ChannelHandlerContext context) {
        asked = true;
        context.channel().config().setAutoRead(false);
        remove(context.channel(), RequestDeadline.class);
    }

    private void relay(Channel child, Channel host) {
        connected(child, host);
        child.pipeline()
                .addLast(new IdleStateHandler(0, 0, limits.idleTime().toMillis(), TimeUnit.MILLISECONDS))
                .remove(this);
        early.forEach(host::write);
        early.clear();
        host.flush();
        Relay.between(child, host);
    }

    private void end(Runnable farewell) {
        releaseEarly();
        farewell.run();
    }

    private void releaseEarly() {
        ended = true;
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    static void remove(Channel channel, Class<? extends ChannelHandler> handler) {
        if (channel.pipeline().get(handler) != null) {
            channel.pipeline().remove(handler);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        releaseEarly();
    }

    /** A child that has nothing more to say before it has asked for anything is done. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (asked) {
            context.fireUserEventTriggered(event);
        } else {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
