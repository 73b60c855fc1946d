package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Acts with the token of a child on a thread of its own, which dies afterwards: should reverting fail, nobody else goes on
 * with that token.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/client-impersonation">Client Impersonation</a>
 */
public final class ConfinedThread {
    private ConfinedThread() {}

    /** What a thread does with the token of a child. */
    public interface Action {
        void run() throws SandboxException, WindowsFailure;
    }

    /** Runs an action, and waits for its end. */
    public static void run(NativeCalls calls, OwnedHandle token, Action action)
            throws SandboxException, WindowsFailure {
        FutureTask<Void> task = new FutureTask<>(() -> {
            calls.tokens().impersonate(token);
            try {
                action.run();
            } finally {
                calls.tokens().revertToSelf();
            }
            return null;
        });
        Thread thread = new Thread(task, "cordon-canary");
        thread.setDaemon(true);
        thread.start();
        try {
            Uninterruptibles.getUninterruptibly(task);
            Uninterruptibles.joinUninterruptibly(thread);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SandboxException failure) {
                throw failure;
            }
            if (e.getCause() instanceof WindowsFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("the canary thread failed", e.getCause());
        }
    }

    /**
     * The outcomes of attempts, in their order. Nothing in it needs a class that was not used before: an AppContainer
     * perhaps cannot read where that is.
     */
    public static ImmutableList<Integer> outcomes(NativeCalls calls, OwnedHandle token, List<Attempt> attempts)
            throws SandboxException, WindowsFailure {
        int[] outcomes = new int[attempts.size()];
        run(calls, token, () -> {
            for (int i = 0; i < outcomes.length; i++) {
                outcomes[i] = attempts.get(i).outcome(calls);
            }
        });
        ImmutableList.Builder<Integer> seen = ImmutableList.builder();
        for (int outcome : outcomes) {
            seen.add(outcome);
        }
        return seen.build();
    }
}
