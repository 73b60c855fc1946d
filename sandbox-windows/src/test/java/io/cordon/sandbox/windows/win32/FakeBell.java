package io.cordon.sandbox.windows.win32;

/** An event that resets itself. */
final class FakeBell extends FakeObject {
    boolean rung;

    /** Whether it has rung since it was asked last. */
    boolean isRung() {
        boolean was = rung;
        rung = false;
        return was;
    }

    @Override
    String kind() {
        return "an event";
    }
}
