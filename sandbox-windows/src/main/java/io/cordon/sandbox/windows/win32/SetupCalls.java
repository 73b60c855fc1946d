package io.cordon.sandbox.windows.win32;

/**
 * What setting up accounts calls of Windows, beside {@link NativeCalls}.
 *
 * @param accounts local accounts, groups and their rights
 * @param filters network filters
 * @param secrets DPAPI
 * @param elevation programs that run elevated
 */
public record SetupCalls(AccountCalls accounts, FilterCalls filters, SecretCalls secrets, ElevationCalls elevation) {
    /** The real ones. */
    public static SetupCalls windows() {
        return new SetupCalls(
                new JnaAccountCalls(), new JnaFilterCalls(), new JnaSecretCalls(), new JnaElevationCalls());
    }
}
