package io.cordon.sandbox.linux;

import io.cordon.sandbox.linux.launch.BubblewrapProbe;

/** Says what is found of bubblewrap where it runs. */
public final class NestedMain {
    private NestedMain() {}

    public static void main(String[] arguments) {
        System.out.println(BubblewrapProbe.probe());
    }
}
