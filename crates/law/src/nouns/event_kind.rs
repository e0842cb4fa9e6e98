//! What can happen.

tasuki_value::words! {
    /// What happened: the code is in the chronicle, the word in a facility's record of use.
    pub EventKind {
        AccountRegistered = "account_registered", "アカウントを登録した";
        SignedIn = "signed_in", "ログインした";
        SignInFailed = "sign_in_failed", "ログインに失敗した";
        SignedOut = "signed_out", "ログアウトした";
        SessionEnded = "session_ended", "端末のログインを終わらせた";
        PasswordChanged = "password_changed", "パスワードを変更した";
        PasswordResetAsked = "password_reset_asked", "パスワードの再設定を申し込んだ";
        PasswordReset = "password_reset", "パスワードを再設定した";
        ProfileChanged = "profile_changed", "プロフィールを変更した";
        TokenMade = "token_made", "APIトークンを作った";
        RegistrationSubmitted = "registration_submitted", "登録を申し込んだ";
        RegistrationRepeated = "registration_repeated", "登録済みのアドレスで登録を申し込んだ";
        RegistrationCompleted = "registration_completed", "登録を終えた";
        FacilityRegistered = "facility_registered", "施設を登録した";
        FacilityChanged = "facility_changed", "施設の情報を変更した";
        FacilityVouched = "facility_vouched", "施設を確認済みにした";
        SeatTaken = "seat_taken", "職場に加わった";
        SeatEnded = "seat_ended", "職場から外れた";
        SeatAdminGiven = "seat_admin_given", "管理者にした";
        SeatAdminTaken = "seat_admin_taken", "管理者から外した";
        InvitationMade = "invitation_made", "招待した";
        InvitationApproved = "invitation_approved", "招待を承認した";
        InvitationNotApproved = "invitation_not_approved", "招待を却下した";
        InvitationOpened = "invitation_opened", "招待の案内を送った";
        InvitationAccepted = "invitation_accepted", "招待に参加した";
        InvitationDeclined = "invitation_declined", "招待に参加しなかった";
        InvitationCancelled = "invitation_cancelled", "招待を取り消した";
        InvitationAskedOtherwise = "invitation_asked_otherwise", "別のアカウントで参加を希望した";
        GroupMade = "group_made", "グループを作った";
        GroupChanged = "group_changed", "グループの情報を変更した";
        MemberJoined = "member_joined", "グループに参加した";
        MemberAddedOneself = "member_added_oneself", "管理者が自分を加えた";
        MemberLeft = "member_left", "グループから退出した";
        MemberRemoved = "member_removed", "グループから外した";
        MemberAppointed = "member_appointed", "グループ管理者にした";
        MemberDismissed = "member_dismissed", "グループ管理者から外した";
        MembersSeen = "members_seen", "メンバーを見た";
        PlacesListed = "places_listed", "一覧を見た";
        PlaceSeen = "place_seen", "グループの画面を開いた";
        InvitationSeen = "invitation_seen", "招待の内容を見た";
        PatientRegistered = "patient_registered", "患者さんを登録した";
        PatientChanged = "patient_changed", "患者さんの情報を変更した";
        PatientOpened = "patient_opened", "患者カードを開いた";
        PatientFormOpened = "patient_form_opened", "患者さんの情報の変更画面を開いた";
        PatientHistorySeen = "patient_history_seen", "患者さんの情報の変更の記録を見た";
        PatientPhoneSeen = "patient_phone_seen", "緊急の電話番号を見た";
        PatientPhotoSeen = "patient_photo_seen", "患者さんの写真を見た";
        PatientCodeSeen = "patient_code_seen", "本人確認コードを見た";
        PatientFactsOpened = "patient_facts_opened", "情報の編集をメンバーに開いた";
        PatientFactsShut = "patient_facts_shut", "情報の編集を閉じた";
        ConsentRecorded = "consent_recorded", "同意を記録した";
        ConsentWithdrawn = "consent_withdrawn", "同意の撤回を記録した";
        ConsentSeen = "consent_seen", "同意の記録を見た";
        ConsentFormOpened = "consent_form_opened", "同意を記録する画面を開いた";
        ConsentScanOpened = "consent_scan_opened", "同意書の写しを開いた";
        TimelineOpened = "timeline_opened", "タイムラインを開いた";
        PostOpened = "post_opened", "投稿を開いた";
        PostHistorySeen = "post_history_seen", "投稿の変更の記録を見た";
        ReadersSeen = "readers_seen", "了解した人を見た";
        PostPublished = "post_published", "投稿した";
        PostEdited = "post_edited", "投稿を直した";
        PostRemoved = "post_removed", "投稿を取り消した";
        PostAcknowledged = "post_acknowledged", "了解した";
        PostUnacknowledged = "post_unacknowledged", "了解を取り消した";
        FileOpened = "file_opened", "ファイルを開いた";
        FileGlanced = "file_glanced", "ファイルを小さな画像で見た";
        RecordOpened = "record_opened", "利用の記録を見た";
        KeyDestroyed = "key_destroyed", "鍵を破棄した";
        SignInHeld = "sign_in_held", "ログインの失敗が続き、しばらく止めた";
        OwnPasswordWrong = "own_password_wrong", "確認のためのパスワードを間違えた";
        HouseStarted = "house_started", "システムを動かしはじめた";
        DatabaseMigrated = "database_migrated", "データベースを新しい版に合わせた";
        BackupMade = "backup_made", "全体の控えを取った";
        BackupPruned = "backup_pruned", "古い控えを整理した";
        BackupVerified = "backup_verified", "控えを開いて確かめた";
        Restored = "restored", "控えから戻した";
        HouseExamined = "house_examined", "設定と保存先を調べた";
        KeysSeen = "keys_seen", "鍵のようすを見た";
        MasterRotated = "master_rotated", "マスター鍵を新しくした";
        EpochTurned = "epoch_turned", "鍵の世代を替えた";
        KeyringMoved = "keyring_moved", "鍵束を別の場所に移した";
        KeySheetWritten = "key_sheet_written", "マスター鍵の復旧用紙を作った";
        KeySheetChecked = "key_sheet_checked", "復旧用紙を確かめた";
        MasterRecovered = "master_recovered", "復旧用紙からマスター鍵を作り直した";
        RecordSeen = "record_seen", "利用の記録のつながりを調べた";
        RecordSealed = "record_sealed", "それまでの利用の記録に鍵の印をつけた";
        RecordAccepted = "record_accepted", "途中までしかない利用の記録を認めた";
        EventsMissing = "events_missing", "利用の記録から行が消えていた";
    }
}

impl EventKind {
    /// Somebody saw something, and nothing changed.
    #[must_use]
    pub const fn is_look(self) -> bool {
        matches!(
            self,
            Self::MembersSeen
                | Self::PlacesListed
                | Self::PlaceSeen
                | Self::InvitationSeen
                | Self::PatientOpened
                | Self::PatientFormOpened
                | Self::PatientHistorySeen
                | Self::PatientPhoneSeen
                | Self::PatientPhotoSeen
                | Self::PatientCodeSeen
                | Self::ConsentSeen
                | Self::ConsentFormOpened
                | Self::ConsentScanOpened
                | Self::TimelineOpened
                | Self::PostOpened
                | Self::PostHistorySeen
                | Self::ReadersSeen
                | Self::FileOpened
                | Self::FileGlanced
                | Self::RecordOpened
        )
    }
}
