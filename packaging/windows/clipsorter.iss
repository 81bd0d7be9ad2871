; Windows installer (Inno Setup 6.3): iscc /DVersion=0.2.0 packaging\windows\clipsorter.iss
; Untested: written without a Windows machine; CI would build it.
; Installs for one person without administrator rights. Uninstalling leaves the library, which is the person's own work,
; unless they tick that it may go too.

#ifndef Version
  #error Say which version: /DVersion=0.2.0
#endif

[Setup]
AppId={{6E0F0C5B-9A55-4C0E-8F4E-0B6C3D1A7C21}
AppName=ClipSorter
AppVersion={#Version}
AppPublisher=The ClipSorter authors
AppPublisherURL=https://github.com/clipsorter/clipsorter
DefaultDirName={autopf}\ClipSorter
DefaultGroupName=ClipSorter
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=ClipSorter-{#Version}-setup
SetupIconFile=..\desktop\icons\clipsorter.ico
UninstallDisplayIcon={app}\clipsorter.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; An upgrade must not keep modules of the version before.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\clipsorter\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\ClipSorter"; Filename: "{app}\clipsorter.exe"; AppUserModelID: "ClipSorter.ClipSorter"
Name: "{autodesktop}\ClipSorter"; Filename: "{app}\clipsorter.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Directory\shell\ClipSorter"; ValueType: string; ValueData: "Sort with ClipSorter"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\ClipSorter"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\clipsorter.exe"
Root: HKA; Subkey: "Software\Classes\Directory\shell\ClipSorter\command"; ValueType: string; ValueData: """{app}\clipsorter.exe"" ""%1"""

[Run]
Filename: "{app}\clipsorter.exe"; Description: "{cm:LaunchProgram,ClipSorter}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Library: String;
begin
  Library := ExpandConstant('{localappdata}\ClipSorter');
  if (Step = usPostUninstall) and DirExists(Library) and not UninstallSilent then
    if MsgBox('Also delete what ClipSorter remembers (categories, decisions, undo history)?' #13#10
      'Your photos are not touched either way.', mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
      DelTree(Library, True, True, True);
end;
