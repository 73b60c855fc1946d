/** Cordon: linux. */
module io.cordon.sandbox.linux {
    requires io.cordon.sandbox;
    requires static org.jspecify;
    requires static org.immutables.value.annotations;
    requires static java.compiler;
}
