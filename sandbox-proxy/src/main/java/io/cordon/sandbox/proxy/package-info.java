/**
 * A proxy on loopback for HTTP, its tunnels and SOCKS5, which connects to allowed hosts only. TLS passes through it and is
 * not looked into.
 */
@NullMarked
package io.cordon.sandbox.proxy;

import org.jspecify.annotations.NullMarked;
