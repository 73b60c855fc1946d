package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/** Local accounts and groups of this machine. What changes something needs an administrator. */
public interface AccountCalls {
    /**
     * An account.
     *
     * @param comment what its maker wrote
     * @param enabled whether it may log on
     */
    record User(Sid sid, String comment, boolean enabled) {}

    /** The account of this name. */
    Optional<User> user(String name) throws WindowsFailure;

    /** Makes a disabled account whose password does not expire and that cannot change it. */
    void addUser(String name, char[] password, String comment) throws WindowsFailure;

    /** Sets the password of an account. */
    void setPassword(String name, char[] password) throws WindowsFailure;

    /** Lets a disabled account log on again. */
    void enableUser(String name) throws WindowsFailure;

    /** Keeps an account from logging on. */
    void disableUser(String name) throws WindowsFailure;

    /** Deletes an account, if it is there. */
    void deleteUser(String name) throws WindowsFailure;

    /** The comment of a local group. */
    Optional<String> groupComment(String name) throws WindowsFailure;

    /** Makes a local group. */
    void addGroup(String name, String comment) throws WindowsFailure;

    /** Deletes a local group, if it is there. */
    void deleteGroup(String name) throws WindowsFailure;

    /** Adds a member, unless it is one. */
    void addMember(String group, Sid member) throws WindowsFailure;

    /** The members of a group. */
    ImmutableSet<Sid> members(String group) throws WindowsFailure;

    /** Keeps an account off the sign-in screen. */
    void hide(String name) throws WindowsFailure;

    /** Whether it is kept off. */
    boolean hidden(String name) throws WindowsFailure;

    /** Takes {@link #hide} back. */
    void unhide(String name) throws WindowsFailure;

    /** Gives account rights, such as the one to be denied a kind of logon. */
    void addRights(Sid account, ImmutableSet<String> rights) throws WindowsFailure;

    /** The account rights that were given to this account itself. */
    ImmutableSet<String> rights(Sid account) throws WindowsFailure;

    /** Takes all account rights away. */
    void removeRights(Sid account) throws WindowsFailure;

    /** Deletes the account's profile with its directory, if it has one. */
    void deleteProfile(Sid account) throws WindowsFailure;

    /** Logs an account of this machine on, interactively, and returns its token. */
    OwnedHandle logon(String name, char[] password) throws WindowsFailure;
}
