/** Cordon: testkit. */
module io.cordon.sandbox.testkit {
    requires transitive io.cordon.sandbox;
    requires transitive io.cordon.sandbox.windows;

    exports io.cordon.sandbox.testkit.windows;
}
