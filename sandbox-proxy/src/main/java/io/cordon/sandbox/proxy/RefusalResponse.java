package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkDecision.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** What a child is answered that gets no connection: a status, one sentence, and Proxy-Status (RFC 9209). */
final class RefusalResponse {
    private RefusalResponse() {}

    static FullHttpResponse of(Throwable cause) {
        return cause instanceof Refusal refusal
                ? of(refusal.reason())
                : response(
                        HttpResponseStatus.BAD_GATEWAY,
                        "destination_unavailable",
                        "the host is allowed, and cannot be connected to");
    }

    private static FullHttpResponse of(Reason reason) {
        return switch (reason) {
            case ALLOWED -> throw new IllegalArgumentException("that is no refusal");
            case HOST_NOT_ALLOWED -> denied(reason, "the policy of this sandbox does not allow this host");
            case PORT_NOT_ALLOWED -> denied(reason, "the policy of this sandbox does not allow this port of the host");
            case ADDRESS_LITERAL -> denied(reason, "the policy of this sandbox allows names, and this is an address");
            case NAME_INVALID -> denied(reason, "this is no name of a host");
            case PRIVATE_ADDRESS ->
                response(
                        HttpResponseStatus.FORBIDDEN,
                        "destination_ip_prohibited",
                        reason + ": the name leads to a private address");
            case NAME_UNRESOLVED ->
                response(HttpResponseStatus.BAD_GATEWAY, "dns_error", reason + ": the name could not be resolved");
            case OVERLOADED ->
                response(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "proxy_internal_error",
                        reason + ": too many names are being resolved");
            case MALFORMED ->
                response(
                        HttpResponseStatus.BAD_REQUEST,
                        "http_request_error",
                        reason + ": this proxy takes CONNECT host:port, and http:// with a host");
        };
    }

    private static FullHttpResponse denied(Reason reason, String sentence) {
        return response(HttpResponseStatus.FORBIDDEN, "http_request_denied", reason + ": " + sentence);
    }

    private static FullHttpResponse response(HttpResponseStatus status, String error, String sentence) {
        ByteBuf text = Unpooled.copiedBuffer("Cordon: " + sentence + "\n", StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes())
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set("Proxy-Status", "cordon; error=" + error);
        return response;
    }
}
