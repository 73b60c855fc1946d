/** Cordon: windows. */
module io.cordon.sandbox.windows {
    requires io.cordon.sandbox;
    requires static org.jspecify;
    requires static org.immutables.value.annotations;
    requires static java.compiler;
}
