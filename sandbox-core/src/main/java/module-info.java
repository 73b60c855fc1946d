/** The policy, process API, enforcement report and backend SPI of Cordon. */
module io.cordon.sandbox {
    requires com.google.common;
    requires static org.immutables.value.annotations;
    requires static org.jspecify;
    requires static java.compiler;

    exports io.cordon.sandbox;
}
