package io.cordon.sandbox.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Lets the rest of one request through. A second one could be for another host, and is dropped. */
final class OneRequest extends ChannelInboundHandlerAdapter {
    private boolean complete;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (complete) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpObject part && part.decoderResult().isSuccess()) {
            complete = message instanceof LastHttpContent;
            context.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            context.close();
        }
    }
}
