package io.cordon.sandbox.windows.win32;

/**
 * All that the backend calls of Windows, by subject. The interfaces take and give Java values, and say every failure by
 * {@link WindowsFailure}, so that a test can put itself between and fail any one call.
 *
 * @param host what machine this is
 * @param tokens access tokens
 * @param jobs job objects
 * @param files files, their labels and their volumes
 * @param pipes pipes to a child
 * @param processes processes
 * @param surfaces desktops and pseudo consoles
 * @param containers AppContainers
 */
public record NativeCalls(
        HostCalls host,
        TokenCalls tokens,
        JobCalls jobs,
        FileCalls files,
        PipeCalls pipes,
        ProcessCalls processes,
        SurfaceCalls surfaces,
        ContainerCalls containers) {

    /** The real ones. Loads the libraries of Windows, and therefore works on Windows only. */
    public static NativeCalls windows() {
        return new NativeCalls(
                new JnaHostCalls(),
                new JnaTokenCalls(),
                new JnaJobCalls(),
                new JnaFileCalls(),
                new JnaPipeCalls(),
                new JnaProcessCalls(),
                new JnaSurfaceCalls(),
                new JnaContainerCalls());
    }
}
