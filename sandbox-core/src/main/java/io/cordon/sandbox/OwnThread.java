package io.cordon.sandbox;

import java.util.concurrent.Executor;

/**
 * Where work goes that must not wait for anybody: ending a tree whose time is up, closing a sandbox, telling of an exit.
 * On the common pool, an application that fills it would keep a tree alive; on the thread that brought the news, a
 * callback that blocks would hold up the news of all others.
 */
final class OwnThread {
    /** Runs each task on a daemon thread of its own, which inherits no thread-local values. */
    static final Executor EXECUTOR = task -> {
        Thread thread = new Thread(null, task, "cordon", 0, false);
        thread.setDaemon(true);
        thread.start();
    };

    private OwnThread() {}
}
