package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.netty.util.ReferenceCountUtil;

/** SOCKS5, RFC 1928: the method "no authentication", the command CONNECT, and names. */
final class Socks5Front extends Front {
    private boolean greeted;

    Socks5Front(Dialer dialer, ProxyLimits limits) {
        super(dialer, limits);
    }

    @Override
    void receive(ChannelHandlerContext context, Object message) {
        boolean broken = message instanceof DecoderResultProvider provider
                && provider.decoderResult().isFailure();
        if (!broken && !greeted && message instanceof Socks5InitialRequest greeting) {
            greeted = true;
            greet(context, greeting);
        } else if (!broken && greeted && message instanceof Socks5CommandRequest request) {
            command(context, request);
        } else {
            ReferenceCountUtil.release(message);
            malformed(context, Protocol.SOCKS5, new Refusal(Reason.MALFORMED));
        }
    }

    private void greet(ChannelHandlerContext context, Socks5InitialRequest greeting) {
        if (!greeting.authMethods().contains(Socks5AuthMethod.NO_AUTH)) {
            context.write(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED));
            malformed(context, Protocol.SOCKS5, new Refusal(Reason.MALFORMED));
            return;
        }
        context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
        context.pipeline().replace(Socks5InitialRequestDecoder.class, null, new Socks5CommandRequestDecoder());
    }

    private void command(ChannelHandlerContext context, Socks5CommandRequest request) {
        if (!request.type().equals(Socks5CommandType.CONNECT)) {
            malformed(context, Protocol.SOCKS5, new Refusal(Reason.MALFORMED));
            return;
        }
        // Before anything else is decoded: what follows is for the host.
        dial(context, Protocol.SOCKS5, request.dstAddr(), request.dstPort());
        remove(context.channel(), Socks5CommandRequestDecoder.class);
    }

    @Override
    boolean isForHost(Object message) {
        return message instanceof ByteBuf;
    }

    @Override
    void connected(Channel child, Channel host) {
        child.writeAndFlush(answer(Socks5CommandStatus.SUCCESS));
        remove(child, Socks5ServerEncoder.class);
    }

    @Override
    void failed(ChannelHandlerContext context, Throwable cause) {
        Farewell.say(context.channel(), answer(status(cause)));
    }

    private static Socks5CommandStatus status(Throwable cause) {
        if (!(cause instanceof Refusal refusal)) {
            return Socks5CommandStatus.HOST_UNREACHABLE;
        }
        return switch (refusal.reason()) {
            case NAME_UNRESOLVED -> Socks5CommandStatus.HOST_UNREACHABLE;
            case MALFORMED -> Socks5CommandStatus.COMMAND_UNSUPPORTED;
            case OVERLOADED -> Socks5CommandStatus.FAILURE;
            default -> Socks5CommandStatus.FORBIDDEN;
        };
    }

    private static DefaultSocks5CommandResponse answer(Socks5CommandStatus status) {
        return new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4, "0.0.0.0", 0);
    }
}
