package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.account.SetupFiles;
import io.cordon.sandbox.windows.security.Sid;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Accounts, filters, secrets and files in memory, in which any one call fails or the process dies before it. */
public final class FakeSetup {
    private static final int ERROR_ACCOUNT_DISABLED = 1331;

    /** What happens at the chosen call. */
    public enum Fault {
        FAILS,
        FAILS_THOUGH_MADE,
        DIES
    }

    /** The process is gone: no call after this one does anything. */
    public static final class Died extends Error {
        private static final long serialVersionUID = 1;
    }

    private record Account(AccountCalls.User user, String password) {}

    private final Map<String, Account> users = new TreeMap<>();
    private final Map<String, String> groups = new TreeMap<>();
    private final Map<String, ImmutableSet<Sid>> members = new HashMap<>();
    private final TreeSet<String> hidden = new TreeSet<>();
    private final Map<Sid, ImmutableSet<String>> rights = new TreeMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private Map<String, Object> platform = new TreeMap<>();
    private Optional<Map<String, Object>> beforeTransaction = Optional.empty();
    private long nextSid = 1001;
    private int rightsKept = Integer.MAX_VALUE;
    private int rightsFail;
    private int profilesFail;
    private boolean locked;
    private ElevationCalls elevation = (program, arguments, time) -> OptionalInt.empty();
    private int openHandles;
    private int count;
    private int faultAt;
    private Fault fault = Fault.FAILS;

    /** Arms a fault at the n-th call from now; 0 for none. Starting a new process closes all handles. */
    public void arm(int n, Fault newFault) {
        count = 0;
        locked = false;
        faultAt = n;
        fault = newFault;
        if (openHandles > 0) {
            beforeTransaction.ifPresent(before -> platform = before);
            beforeTransaction = Optional.empty();
            openHandles = 0;
        }
    }

    /** What an elevated program does. */
    public void elevated(ElevationCalls program) {
        elevation = program;
    }

    /** Keeps no more than so many of the rights that are added, and says nothing, as Wine does with 0. */
    public void keepRights(int most) {
        rightsKept = most;
    }

    /** Lets adding rights and deleting profiles fail with these codes; 0 lets them work. */
    public void failRightsAndProfiles(int rightsCode, int profilesCode) {
        rightsFail = rightsCode;
        profilesFail = profilesCode;
    }

    /** The accounts that may log on. */
    public ImmutableSet<String> enabled() {
        return users.entrySet().stream()
                .filter(entry -> entry.getValue().user.enabled())
                .map(Map.Entry::getKey)
                .collect(ImmutableSet.toImmutableSet());
    }

    /** How many filters there are; those of a transaction that is not committed do not count. */
    public long filters() {
        return beforeTransaction.orElse(platform).keySet().stream()
                .filter(key -> key.startsWith("filter"))
                .count();
    }

    public int count() {
        return count;
    }

    /** Everything that is there, as text without passwords' values. */
    public String left() {
        return users.values().stream().map(Account::user).toList() + " " + groups + " " + members + " " + hidden + " "
                + rights + " " + platform + " " + files.keySet() + " handles " + openHandles + " locked " + locked;
    }

    /** Changes a filter behind Cordon's back. */
    public void spoilAFilter() {
        platform.keySet().stream()
                .filter(key -> key.startsWith("filter"))
                .findFirst()
                .ifPresent(platform::remove);
    }

    /** Disables accounts and forgets their passwords behind Cordon's back. */
    public void spoilAccounts() {
        users.replaceAll((name, account) ->
                new Account(new AccountCalls.User(account.user.sid(), account.user.comment(), false), "other"));
    }

    /** Makes somebody else's account. */
    public void addForeign(String name) {
        users.put(name, new Account(new AccountCalls.User(Sid.of(5, 21, 9, 9, 9, 999), "mine", true), "x"));
    }

    public SetupCalls calls() {
        return new SetupCalls(
                proxy(AccountCalls.class, new Accounts()),
                proxy(FilterCalls.class, new Filters()),
                proxy(SecretCalls.class, new Secrets()),
                proxy(ElevationCalls.class, (program, line, time) -> elevation.runElevated(program, line, time)));
    }

    public SetupFiles files() {
        return proxy(SetupFiles.class, new SetupFiles() {
            @Override
            public Optional<byte[]> read(String name) {
                return Optional.ofNullable(files.get(name)).map(byte[]::clone);
            }

            @Override
            public void write(String name, byte[] content) {
                files.put(name, content.clone());
            }

            @Override
            public void delete(String name) {
                files.remove(name);
            }

            @Override
            public Optional<Closeable> lock() {
                if (locked) {
                    return Optional.empty();
                }
                locked = true;
                return Optional.of(() -> locked = false);
            }
        });
    }

    private <T> T proxy(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call(real, method, arguments)));
    }

    private Object call(Object real, Method method, Object[] arguments) throws Throwable {
        count++;
        if (faultAt > 0 && fault == Fault.DIES && count >= faultAt) {
            throw new Died();
        }
        if (count == faultAt) {
            if (fault == Fault.FAILS_THOUGH_MADE && method.getReturnType() == void.class) {
                invoke(real, method, arguments);
            }
            if (real instanceof SetupFiles) {
                throw new IOException("injected at " + method.getName());
            }
            throw new WindowsFailure(method.getName(), 31, "injected");
        }
        return invoke(real, method, arguments);
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private OwnedHandle handle(Runnable closing) {
        openHandles++;
        return new OwnedHandle(8, value -> {
            if (faultAt == 0 || fault != Fault.DIES || count < faultAt) {
                openHandles--;
                closing.run();
            }
        });
    }

    private static WindowsFailure failure(String function, int code) {
        return new WindowsFailure(function, code, "of the fake");
    }

    private final class Accounts implements AccountCalls {
        private Account existing(String name) throws WindowsFailure {
            Account account = users.get(name);
            if (account == null) {
                throw failure("NetUserSetInfo", 2221);
            }
            return account;
        }

        @Override
        public Optional<User> user(String name) {
            return Optional.ofNullable(users.get(name)).map(Account::user);
        }

        @Override
        public void addUser(String name, char[] password, String comment) throws WindowsFailure {
            if (users.containsKey(name)) {
                throw failure("NetUserAdd", 2224);
            }
            users.put(
                    name,
                    new Account(new User(Sid.of(5, 21, 1, 2, 3, nextSid++), comment, false), new String(password)));
        }

        @Override
        public void setPassword(String name, char[] password) throws WindowsFailure {
            users.put(name, new Account(existing(name).user, new String(password)));
        }

        @Override
        public void enableUser(String name) throws WindowsFailure {
            setEnabled(name, true);
        }

        @Override
        public void disableUser(String name) throws WindowsFailure {
            setEnabled(name, false);
        }

        private void setEnabled(String name, boolean enabled) throws WindowsFailure {
            Account account = existing(name);
            users.put(
                    name, new Account(new User(account.user.sid(), account.user.comment(), enabled), account.password));
        }

        @Override
        public void deleteUser(String name) {
            Account gone = users.remove(name);
            if (gone != null) {
                members.replaceAll((group, sids) -> sids.stream()
                        .filter(sid -> !sid.equals(gone.user.sid()))
                        .collect(ImmutableSet.toImmutableSet()));
            }
        }

        @Override
        public Optional<String> groupComment(String name) {
            return Optional.ofNullable(groups.get(name));
        }

        @Override
        public void addGroup(String name, String comment) throws WindowsFailure {
            if (groups.put(name, comment) != null) {
                throw failure("NetLocalGroupAdd", 1379);
            }
            members.put(name, ImmutableSet.of());
        }

        @Override
        public void deleteGroup(String name) {
            groups.remove(name);
            members.remove(name);
        }

        @Override
        public void addMember(String group, Sid member) {
            members.merge(
                    group,
                    ImmutableSet.of(member),
                    (one, other) -> ImmutableSet.<Sid>builder()
                            .addAll(one)
                            .addAll(other)
                            .build());
        }

        @Override
        public ImmutableSet<Sid> members(String group) throws WindowsFailure {
            ImmutableSet<Sid> sids = members.get(group);
            if (sids == null) {
                throw failure("NetLocalGroupGetMembers", 2220);
            }
            return sids;
        }

        @Override
        public void hide(String name) {
            hidden.add(name);
        }

        @Override
        public boolean hidden(String name) {
            return hidden.contains(name);
        }

        @Override
        public void unhide(String name) {
            hidden.remove(name);
        }

        @Override
        public void addRights(Sid account, ImmutableSet<String> added) throws WindowsFailure {
            if (rightsFail != 0) {
                throw failure("LsaAddAccountRights", rightsFail);
            }
            rights.put(account, added.stream().limit(rightsKept).collect(ImmutableSet.toImmutableSet()));
        }

        @Override
        public ImmutableSet<String> rights(Sid account) {
            return rights.getOrDefault(account, ImmutableSet.of());
        }

        @Override
        public void removeRights(Sid account) {
            rights.remove(account);
        }

        @Override
        public void deleteProfile(Sid account) throws WindowsFailure {
            if (profilesFail != 0) {
                throw failure("DeleteProfileW", profilesFail);
            }
        }

        @Override
        public OwnedHandle logon(String name, char[] password) throws WindowsFailure {
            Account account = users.get(name);
            if (account == null || !account.password.equals(new String(password))) {
                throw failure("LogonUserW", WindowsFailure.ERROR_LOGON_FAILURE);
            }
            if (!account.user.enabled()) {
                throw failure("LogonUserW", ERROR_ACCOUNT_DISABLED);
            }
            return handle(() -> {});
        }
    }

    private final class Filters implements FilterCalls {
        @Override
        public OwnedHandle openEngine() {
            return handle(() -> {
                beforeTransaction.ifPresent(before -> platform = before);
                beforeTransaction = Optional.empty();
            });
        }

        @Override
        public void begin(OwnedHandle engine) {
            beforeTransaction = Optional.of(new TreeMap<>(platform));
        }

        @Override
        public void commit(OwnedHandle engine) {
            beforeTransaction = Optional.empty();
        }

        @Override
        public void addProvider(OwnedHandle engine, UUID key, String name) {
            platform.put("provider", key);
        }

        @Override
        public void addSubLayer(OwnedHandle engine, UUID key, UUID provider, String name) {
            platform.put("sublayer", key);
        }

        @Override
        public Optional<NetworkFilter> filter(OwnedHandle engine, UUID key) {
            return Optional.ofNullable((NetworkFilter) platform.get("filter " + key));
        }

        @Override
        public void addFilter(OwnedHandle engine, NetworkFilter filter) throws WindowsFailure {
            if (!platform.containsKey("sublayer") || platform.put("filter " + filter.key(), filter) != null) {
                throw failure("FwpmFilterAdd0", 0x80320009);
            }
        }

        @Override
        public void deleteFilter(OwnedHandle engine, UUID key) {
            platform.remove("filter " + key);
        }

        @Override
        public void deleteSubLayer(OwnedHandle engine, UUID key) {
            if (platform.keySet().stream().noneMatch(name -> name.startsWith("filter"))) {
                platform.remove("sublayer");
            }
        }

        @Override
        public void deleteProvider(OwnedHandle engine, UUID key) {
            if (!platform.containsKey("sublayer")) {
                platform.remove("provider");
            }
        }
    }

    private static final class Secrets implements SecretCalls {
        @Override
        public byte[] protect(byte[] secret) {
            return flipped(secret);
        }

        @Override
        public byte[] unprotect(byte[] encrypted) {
            return flipped(encrypted);
        }

        private static byte[] flipped(byte[] bytes) {
            byte[] flipped = bytes.clone();
            for (int i = 0; i < flipped.length; i++) {
                flipped[i] ^= 0x55;
            }
            return flipped;
        }
    }
}
