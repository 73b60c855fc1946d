package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/** The machine for the doctor: what decides about this backend, and what people ask for when something is missing. */
final class HostDescription {
    private HostDescription() {}

    static ImmutableMap<String, String> of(NativeCalls calls) {
        ImmutableMap.Builder<String, String> facts = ImmutableMap.builder();
        try {
            WindowsHost host = WindowsHost.read(calls);
            facts.put("build", Integer.toString(host.build()));
            facts.put("Wine", host.wine().orElse("no"));
            facts.put("administrator's rights", host.elevated() ? "in force" : "not in force");
            facts.put("integrity level of the JVM", "0x%x".formatted(host.level()));
            facts.put("drives without access lists", drives(calls));
        } catch (WindowsFailure e) {
            facts.put("Windows", "cannot be looked at: " + e.getMessage());
        }
        return facts.put("AppContainers", calls.containers().available() ? "yes" : "none")
                .put("console of the JVM", calls.host().hasConsole() ? "yes" : "none")
                .put("account for sandboxes", account())
                .buildOrThrow();
    }

    private static String drives(NativeCalls calls) throws WindowsFailure {
        var drives = calls.host().drivesWithoutAcls();
        return drives.isEmpty() ? "none" : String.join(" ", drives);
    }

    private static String account() {
        try {
            return WindowsSetup.ofThisUser().readyAccount().isPresent()
                    ? "provisioned"
                    : "not provisioned: cordon-windows setup-status tells what is missing";
        } catch (SandboxException e) {
            return "unknown: " + e.getMessage();
        }
    }
}
