package io.cordon.sandbox.proxy;

import com.google.common.net.HostAndPort;
import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1: tunnels by CONNECT, and single requests with an absolute URI, RFC 9112, 3.2. */
final class HttpFront extends Front {
    private static final int HTTP_PORT = 80;

    /** The request that is to be handed on; null for a tunnel. */
    private @Nullable HttpRequest forwarded;

    HttpFront(Dialer dialer, ProxyLimits limits) {
        super(dialer, limits);
    }

    @Override
    void receive(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpRequest request)
                || ((HttpObject) message).decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            malformed(context, Protocol.HTTP, new Refusal(Reason.MALFORMED));
        } else if (request.method().equals(HttpMethod.CONNECT)) {
            tunnel(context, request);
        } else {
            forward(context, request);
        }
    }

    private void tunnel(ChannelHandlerContext context, HttpRequest request) {
        Optional<HostAndPort> target = authority(request.uri()).filter(HostAndPort::hasPort);
        if (target.isEmpty()) {
            malformed(context, Protocol.HTTP_CONNECT, new Refusal(Reason.MALFORMED));
            return;
        }
        dial(
                context,
                Protocol.HTTP_CONNECT,
                target.get().getHost(),
                target.get().getPort());
        // Before anything else is decoded: what follows is for the host.
        remove(context.channel(), HttpRequestDecoder.class);
    }

    private void forward(ChannelHandlerContext context, HttpRequest request) {
        Optional<AbsoluteUri> uri = AbsoluteUri.parse(request.uri());
        Optional<HostAndPort> target = uri.flatMap(absolute -> authority(absolute.authority()));
        if (uri.isEmpty() || target.isEmpty()) {
            malformed(context, Protocol.HTTP, new Refusal(Reason.MALFORMED));
            return;
        }
        ForwardedHeaders.makeFit(request, uri.get());
        forwarded = request;
        String decoder = context.pipeline().context(HttpRequestDecoder.class).name();
        context.pipeline().addAfter(decoder, null, new OneRequest());
        dial(context, Protocol.HTTP, target.get().getHost(), target.get().getPortOrDefault(HTTP_PORT));
    }

    private static Optional<HostAndPort> authority(String text) {
        try {
            return Optional.of(HostAndPort.fromString(text))
                    .filter(target -> !target.getHost().isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    boolean isForHost(Object message) {
        return forwarded == null ? message instanceof ByteBuf : message instanceof HttpContent;
    }

    @Override
    void connected(Channel child, Channel host) {
        if (forwarded == null) {
            child.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, new HttpResponseStatus(200, "Connection established")));
            remove(child, HttpResponseEncoder.class);
        } else {
            OneRequest one = new OneRequest();
            child.pipeline()
                    .addAfter(child.pipeline().context(HttpRequestDecoder.class).name(), null, one);
            host.pipeline().addLast(new HttpClientCodec(ProtocolSwitch.config(limits), false, true), new OneResponse());
            host.write(forwarded);
        }
    }

    @Override
    void failed(ChannelHandlerContext context, Throwable cause) {
        remove(context.channel(), OneRequest.class); // which would close at what the decoder leaves undecoded
        remove(context.channel(), HttpRequestDecoder.class);
        Farewell.say(context.channel(), RefusalResponse.of(cause));
    }
}
