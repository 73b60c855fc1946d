/** Cordon: testkit. */
module io.cordon.sandbox.testkit {
    requires transitive io.cordon.sandbox;
}
