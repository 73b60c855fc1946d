package io.cordon.sandbox;

import io.cordon.sandbox.SandboxEvent.Attested;
import io.cordon.sandbox.SandboxEvent.Closed;
import io.cordon.sandbox.SandboxEvent.Edited;
import io.cordon.sandbox.SandboxEvent.Exited;
import io.cordon.sandbox.SandboxEvent.Launched;
import io.cordon.sandbox.SandboxEvent.LikelyDenied;
import io.cordon.sandbox.SandboxEvent.LimitReached;
import io.cordon.sandbox.SandboxEvent.Opened;
import io.cordon.sandbox.SandboxEvent.Planned;
import io.cordon.sandbox.SandboxEvent.ProtectedNameCreated;
import io.cordon.sandbox.SandboxEvent.Refused;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A {@link SandboxEvent} for Java Flight Recorder: one type of event for each kind. */
@Category("Cordon")
@StackTrace(false)
abstract class FlightEvent extends Event {
    @Label("Sandbox")
    long sandbox;

    @Label("Process")
    long pid;

    @Label("What")
    String what = "";

    /** The same, to be committed. */
    static FlightEvent of(SandboxEvent event) {
        if (event instanceof Planned planned) {
            return new SandboxPlanned().with(planned, 0, planned.backend());
        } else if (event instanceof Edited edited) {
            return new SandboxEdited().with(edited, 0, edited.edits() + " edits in " + edited.took());
        } else if (event instanceof Attested attested) {
            return new SandboxAttested().with(attested, 0, attested.seen() + "in " + attested.took());
        } else if (event instanceof Opened opened) {
            return new SandboxOpened().with(opened, 0, "in " + opened.took());
        } else if (event instanceof Refused refused) {
            return new SandboxRefused().with(refused, 0, refused.code().name());
        } else if (event instanceof Launched launched) {
            return new ProcessLaunched().with(launched, launched.pid(), launched.program());
        } else if (event instanceof Exited exited) {
            return new ProcessExited()
                    .with(exited, exited.pid(), "code " + exited.exitCode() + " after " + exited.ran());
        } else if (event instanceof LimitReached reached) {
            return new SandboxLimitReached()
                    .with(reached, reached.pid(), reached.limit().name());
        } else if (event instanceof LikelyDenied denied) {
            return new SandboxLikelyDenied().with(denied, denied.pid(), "");
        } else if (event instanceof ProtectedNameCreated created) {
            return new SandboxNameCreated().with(created, 0, created.path().toString());
        }
        return new SandboxClosed().with(event, 0, ((Closed) event).failure());
    }

    final FlightEvent with(SandboxEvent event, long process, String text) {
        sandbox = event.sandbox();
        pid = process;
        what = text;
        return this;
    }

    @Name("io.cordon.sandbox.Planned")
    @Label("Sandbox Planned")
    static final class SandboxPlanned extends FlightEvent {}

    @Name("io.cordon.sandbox.Edited")
    @Label("Machine Edited")
    static final class SandboxEdited extends FlightEvent {}

    @Name("io.cordon.sandbox.Attested")
    @Label("Enforcement Attested")
    static final class SandboxAttested extends FlightEvent {}

    @Name("io.cordon.sandbox.Opened")
    @Label("Sandbox Opened")
    static final class SandboxOpened extends FlightEvent {}

    @Name("io.cordon.sandbox.Refused")
    @Label("Sandbox Refused")
    static final class SandboxRefused extends FlightEvent {}

    @Name("io.cordon.sandbox.Launched")
    @Label("Process Launched")
    static final class ProcessLaunched extends FlightEvent {}

    @Name("io.cordon.sandbox.Exited")
    @Label("Process Exited")
    static final class ProcessExited extends FlightEvent {}

    @Name("io.cordon.sandbox.LimitReached")
    @Label("Limit Reached")
    static final class SandboxLimitReached extends FlightEvent {}

    @Name("io.cordon.sandbox.LikelyDenied")
    @Label("Likely Denied")
    static final class SandboxLikelyDenied extends FlightEvent {}

    @Name("io.cordon.sandbox.ProtectedNameCreated")
    @Label("Protected Name Created")
    static final class SandboxNameCreated extends FlightEvent {}

    @Name("io.cordon.sandbox.Closed")
    @Label("Sandbox Closed")
    static final class SandboxClosed extends FlightEvent {}
}
