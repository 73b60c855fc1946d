package io.cordon.sandbox.windows.win32;

/** DPAPI with the key of the calling user. */
public interface SecretCalls {
    /** Encrypts bytes so that this user on this machine can decrypt them. */
    byte[] protect(byte[] secret) throws WindowsFailure;

    /** Decrypts; whoever gets the result wipes it. */
    byte[] unprotect(byte[] encrypted) throws WindowsFailure;
}
