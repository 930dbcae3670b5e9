package io.foedus.web.alliances;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.alliances.boundary.Alliances.AllianceView;
import io.foedus.controller.alliances.boundary.Alliances.MemberView;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.boundary.Tokens.NewToken;
import io.foedus.controller.identity.boundary.Tokens.TokenView;
import io.foedus.controller.identity.boundary.Tokens.Wish;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.core.identity.TokenKind;
import io.foedus.web.desk.Desk;
import io.foedus.web.desk.Origin;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/** One alliance: what it is called, who is in it, how clients join. */
@Named
@ViewScoped
public class AlliancePage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Alliances alliances;

    @Inject
    transient Tokens tokens;

    @Inject
    transient Origin origin;

    private String tab = "members";
    private String title;
    private String description;
    private String account;
    private Role role = Role.MEMBER;
    private String tokenName = "sites";
    private int tokenDays = 7;
    private Integer tokenUses;
    private transient NewToken made;

    public void open() {
        desk.open(() -> {
            AllianceView view = alliances.get(desk.actor(), String.valueOf(desk.getAlliance()));
            title = view.title();
            description = view.description();
        });
    }

    public AllianceView alliance() {
        return alliances.get(desk.actor(), desk.getAlliance());
    }

    public List<MemberView> members() {
        return alliances
                .members(desk.actor(), desk.getAlliance(), Query.first(Query.MOST))
                .items();
    }

    public List<TokenView> tokens() {
        return tokens.list(desk.actor(), desk.allianceId());
    }

    public void describe() {
        desk.perform("Saved.", () -> alliances.describe(desk.actor(), desk.getAlliance(), title, description));
    }

    public void admit() {
        desk.perform(
                account + " is a member now.",
                () -> alliances.putMember(desk.actor(), desk.getAlliance(), account, role));
    }

    public void dismiss(String name) {
        desk.perform(name + " was removed.", () -> alliances.removeMember(desk.actor(), desk.getAlliance(), name));
    }

    public void issue() {
        desk.perform(
                null,
                () -> made = tokens.create(
                        desk.actor(),
                        new Wish(TokenKind.JOIN, tokenName, desk.allianceId(), Duration.ofDays(tokenDays), tokenUses)));
    }

    public void revoke(String token) {
        desk.perform("The token was revoked.", () -> tokens.revoke(desk.actor(), token));
    }

    public void delete() throws IOException {
        String name = desk.getAlliance();
        if (desk.perform(null, () -> alliances.delete(desk.actor(), name))) {
            origin.go("/alliances");
        }
    }

    /** The token that was just made, in this response only. */
    public NewToken made() {
        return made;
    }

    /** What a FEDn client reads: {@code fedn client start --init client.yaml}. */
    public String clientConfiguration() {
        return "api_url: " + origin.url() + "/fedn/" + desk.getAlliance() + "\ntoken: " + made.token() + "\n";
    }

    public String getTab() {
        return tab;
    }

    public void setTab(String tab) {
        this.tab = tab == null ? "members" : tab;
    }

    public String getTitle() {
        return title;
    }

    public void setTitle(String title) {
        this.title = title;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }

    public String getAccount() {
        return account;
    }

    public void setAccount(String account) {
        this.account = account;
    }

    public Role getRole() {
        return role;
    }

    public void setRole(Role role) {
        this.role = role;
    }

    public Role[] getRoles() {
        return Role.values();
    }

    public String getTokenName() {
        return tokenName;
    }

    public void setTokenName(String tokenName) {
        this.tokenName = tokenName;
    }

    public int getTokenDays() {
        return tokenDays;
    }

    public void setTokenDays(int tokenDays) {
        this.tokenDays = tokenDays;
    }

    public Integer getTokenUses() {
        return tokenUses;
    }

    public void setTokenUses(Integer tokenUses) {
        this.tokenUses = tokenUses;
    }
}
