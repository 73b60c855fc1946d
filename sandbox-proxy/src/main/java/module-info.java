/** The proxy of Cordon: by it children reach the hosts that their policy names. */
module io.cordon.sandbox.proxy {
    requires transitive io.cordon.sandbox;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.socks;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires static org.jspecify;

    exports io.cordon.sandbox.proxy;

    provides io.cordon.sandbox.spi.NetworkProxyProvider with
            io.cordon.sandbox.proxy.LoopbackProxyProvider;
}
