package io.cordon.sandbox.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Lets one response through, with those that only announce it, and closes the connection behind it. */
final class OneResponse extends ChannelInboundHandlerAdapter {
    private boolean announcing;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        if (message instanceof HttpResponse response) {
            announcing = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!announcing) {
                ForwardedHeaders.makeFit(response);
            }
        }
        boolean last = message instanceof LastHttpContent && !announcing;
        context.fireChannelRead(message);
        if (last) {
            context.close();
        }
    }

    /** The host has said all: if that was not a whole response, the child must not take it for one. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
