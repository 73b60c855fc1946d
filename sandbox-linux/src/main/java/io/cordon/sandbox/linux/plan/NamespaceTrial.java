package io.cordon.sandbox.linux.plan;

/**
 * What a process in bubblewrap's namespaces could do although it must not.
 *
 * @param changedOutside whether it wrote a file outside or changed its mode, which unconfined succeeds
 * @param changedCarveOut whether it could write a carve-out
 * @param readDenied whether it could read what is denied
 * @param network whether it saw a network device, or ran without a filter
 * @param sharesProcesses whether it was in the PID namespace of the JVM
 */
public record NamespaceTrial(
        boolean changedOutside,
        boolean changedCarveOut,
        boolean readDenied,
        boolean network,
        boolean sharesProcesses) {}
