package io.foedus.web.settings;

import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.identity.boundary.Accounts.AccountView;
import io.foedus.controller.identity.boundary.Accounts.Change;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.boundary.Tokens.NewToken;
import io.foedus.controller.identity.boundary.Tokens.TokenView;
import io.foedus.controller.identity.boundary.Tokens.Wish;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.identity.TokenKind;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/** Tokens, the own password, accounts. */
@Named
@ViewScoped
public class SettingsPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Tokens tokens;

    @Inject
    transient Accounts accounts;

    private String tab = "tokens";
    private String name;
    private String password;
    private String again;
    private boolean admin;
    private TokenKind kind = TokenKind.USER;
    private int days = 30;
    private transient NewToken made;
    private transient Table<AccountView> people;

    public void open() {
        desk.open(() -> {
            if (desk.isAdmin()) {
                people = Table.here(query -> accounts.list(desk.actor(), query), AccountView::name, "name");
            }
        });
    }

    public List<TokenView> tokens() {
        return tokens.list(desk.actor(), null);
    }

    public void issue() {
        boolean done = desk.perform(
                null,
                () -> made = tokens.create(desk.actor(), new Wish(kind, name, null, Duration.ofDays(days), null)));
        if (done) {
            name = null;
            desk.show("issue");
        }
    }

    public void revoke(String id) {
        desk.perform("The token was revoked.", () -> tokens.revoke(desk.actor(), id));
    }

    /** Changes the own password. */
    public void changePassword() {
        boolean done = desk.perform("Your password was changed.", () -> {
            requireSame();
            accounts.change(desk.actor(), desk.getAccount(), new Change(password, null, null));
        });
        if (done) {
            desk.show("password");
        }
    }

    public void createAccount() {
        boolean done = desk.perform("The account was created.", () -> {
            requireSame();
            accounts.create(desk.actor(), name, password, admin);
        });
        if (done) {
            name = null;
            desk.show("account", "people");
        }
    }

    public void enable(String account, boolean enabled) {
        desk.perform(
                account + (enabled ? " can log in again." : " cannot log in any more."),
                () -> accounts.change(desk.actor(), account, new Change(null, null, !enabled)));
    }

    public void promote(String account, boolean toAdmin) {
        desk.perform(
                account + (toAdmin ? " is an administrator now." : " is not an administrator any more."),
                () -> accounts.change(desk.actor(), account, new Change(null, toAdmin, null)));
    }

    private void requireSame() {
        if (password == null || !password.equals(again)) {
            throw Refusal.unacceptable(
                    "PASSWORDS_DIFFER", "The two passwords differ.", "Type the same password twice.");
        }
    }

    public NewToken made() {
        return made;
    }

    public Table<AccountView> getPeople() {
        return people;
    }

    public String getTab() {
        return tab;
    }

    public void setTab(String tab) {
        this.tab = tab == null ? "tokens" : tab;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getAgain() {
        return again;
    }

    public void setAgain(String again) {
        this.again = again;
    }

    public boolean isAdmin() {
        return admin;
    }

    public void setAdmin(boolean admin) {
        this.admin = admin;
    }

    public TokenKind getKind() {
        return kind;
    }

    public void setKind(TokenKind kind) {
        this.kind = kind;
    }

    public int getDays() {
        return days;
    }

    public void setDays(int days) {
        this.days = days;
    }
}
