/** Cordon: linux. */
module io.cordon.sandbox.linux {
    requires transitive io.cordon.sandbox;
}
