package io.cordon.sandbox.windows.account;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * What a set-up leaves out on Wine, because Wine does not have it. Only these two are passed over, only there, and each is
 * named in the result: everything else that fails is a failure on Wine too.
 */
final class WineGaps {
    /** A step that may be missing. */
    interface Step {
        void run() throws WindowsFailure;
    }

    private final boolean wine;
    private final List<String> leftOut = new ArrayList<>();

    WineGaps(boolean wine) {
        this.wine = wine;
    }

    /** Whether rights that were added to an account may read back like this: Wine 8 says yes to adding and keeps none. */
    boolean passesOver(String account, ImmutableSet<String> rights) {
        if (!wine || !rights.isEmpty()) {
            return false;
        }
        leftOut.add(account + ": no kind of logon is denied, because Wine keeps nothing in LsaAddAccountRights");
        return true;
    }

    /** Deletes the profile of an account; Wine's userenv does not export the function for that. */
    void deleteProfile(String account, Step step) throws WindowsFailure {
        try {
            step.run();
        } catch (WindowsFailure e) {
            if (!wine
                    || !e.function().equals("DeleteProfileW")
                    || e.code() != WindowsFailure.ERROR_CALL_NOT_IMPLEMENTED) {
                throw e;
            }
            leftOut.add(account + ": the profile, if it has one, stays, because Wine has no DeleteProfileW");
        }
    }

    /** What was left out; nothing on Windows. */
    ImmutableList<String> leftOut() {
        return ImmutableList.copyOf(leftOut);
    }
}
