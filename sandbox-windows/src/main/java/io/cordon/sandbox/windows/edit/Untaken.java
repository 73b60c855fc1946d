package io.cordon.sandbox.windows.edit;

/** Is told of the objects that did not take a change. */
@FunctionalInterface
interface Untaken {
    /**
     * One object.
     *
     * @param visited whether what is in it, if anything, was visited all the same
     */
    void accept(Unreached object, boolean visited);
}
