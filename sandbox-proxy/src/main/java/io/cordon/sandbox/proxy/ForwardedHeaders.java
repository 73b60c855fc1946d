package io.cordon.sandbox.proxy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/** What a proxy changes in what it hands on: RFC 9110, 7.6. */
final class ForwardedHeaders {
    private static final Splitter COMMAS = Splitter.on(',').trimResults().omitEmptyStrings();

    /** Of one connection; each side has its own. Transfer-Encoding is the business of the codecs. */
    private static final ImmutableList<CharSequence> OF_ONE_CONNECTION = ImmutableList.of(
            HttpHeaderNames.CONNECTION,
            "keep-alive",
            "proxy-connection",
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.TE,
            HttpHeaderNames.UPGRADE);

    private ForwardedHeaders() {}

    /**
     * For the host: its own form of the URI, and as Host what the URI said. That is what was judged, whatever the child
     * wrote into the header (RFC 9112, 3.2.2).
     */
    static void makeFit(HttpRequest request, AbsoluteUri uri) {
        makeFit(request);
        request.headers().set(HttpHeaderNames.HOST, uri.authority());
        String server = request.method().equals(HttpMethod.OPTIONS) ? "*" : "/";
        request.setUri(uri.rest().isEmpty() ? server : uri.rest());
    }

    /** Each connection is for one message, so that the next one is judged like the first. */
    static void makeFit(HttpMessage message) {
        HttpHeaders headers = message.headers();
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : COMMAS.split(value)) {
                // The framing of the body is not up to whoever writes the header.
                if (!HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
                        && !HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
                    headers.remove(name);
                }
            }
        }
        OF_ONE_CONNECTION.forEach(headers::remove);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        headers.add(HttpHeaderNames.VIA, "1.1 cordon");
    }
}
