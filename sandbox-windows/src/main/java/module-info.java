/** Cordon: windows. */
module io.cordon.sandbox.windows {
    requires transitive io.cordon.sandbox;

    exports io.cordon.sandbox.windows.plan;
    exports io.cordon.sandbox.windows.security;
}
