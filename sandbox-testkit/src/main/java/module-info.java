/** Cordon: testkit. */
module io.cordon.sandbox.testkit {
    requires io.cordon.sandbox;
    requires static org.jspecify;
    requires static org.immutables.value.annotations;
    requires static java.compiler;
}
