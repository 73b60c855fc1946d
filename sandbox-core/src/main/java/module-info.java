/** The policy, process API, enforcement report and backend SPI of Cordon. */
module io.cordon.sandbox {
    requires transitive com.google.common;
    requires jdk.jfr;
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.immutables.value.annotations;
    requires static transitive org.jspecify;

    exports io.cordon.sandbox;
    exports io.cordon.sandbox.spi;

    uses io.cordon.sandbox.spi.NetworkProxyProvider;
    uses io.cordon.sandbox.spi.SandboxBackend;
}
