/** Cordon: testkit. */
module io.cordon.sandbox.testkit {
    requires transitive io.cordon.sandbox;
    requires transitive io.cordon.sandbox.windows;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;

    exports io.cordon.sandbox.testkit.contract;
    exports io.cordon.sandbox.testkit.windows;

    // JUnit calls the rules, which are nobody else's to call.
    opens io.cordon.sandbox.testkit.contract to
            org.junit.platform.commons;
}
