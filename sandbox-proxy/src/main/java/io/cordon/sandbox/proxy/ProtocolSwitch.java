package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkDecision.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.socksx.SocksVersion;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import java.util.List;

/** Tells by the first byte which protocol the child speaks: one port for all, because one port is all it may reach. */
final class ProtocolSwitch extends ByteToMessageDecoder {
    private final Dialer dialer;
    private final ProxyLimits limits;

    ProtocolSwitch(Dialer dialer, ProxyLimits limits) {
        this.dialer = dialer;
        this.limits = limits;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        byte first = in.getByte(in.readerIndex());
        if (first == SocksVersion.SOCKS5.byteValue()) {
            context.pipeline()
                    .addLast(Socks5ServerEncoder.DEFAULT)
                    .addLast(new Socks5InitialRequestDecoder())
                    .addLast(new Socks5Front(dialer, limits));
            context.pipeline().remove(this);
        } else if (first >= 'A' && first <= 'Z') { // every method of HTTP begins like that
            context.pipeline()
                    .addLast(new HttpResponseEncoder())
                    .addLast(new HttpRequestDecoder(config(limits)))
                    .addLast(new HttpFront(dialer, limits));
            context.pipeline().remove(this);
        } else {
            in.skipBytes(in.readableBytes());
            dialer.reportMalformed(Protocol.UNKNOWN);
            context.close();
        }
    }

    static HttpDecoderConfig config(ProxyLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.headerBytes())
                .setMaxHeaderSize(limits.headerBytes());
    }

    /** A child that says nothing has nothing to ask. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        super.userEventTriggered(context, event);
        if (event instanceof ChannelInputShutdownEvent && !context.isRemoved()) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
